-- Most names of people have three characters: one such gram finds them where two pairs had to be met. What is there
-- already is found as before, by names that hold both pairs.
INSERT OR IGNORE INTO name_gram (county_id, noun, gram, subject_id)
SELECT a.county_id, a.noun, substr(a.gram, 1, 1) || b.gram, a.subject_id
FROM name_gram a
JOIN name_gram b ON b.county_id = a.county_id AND b.subject_id = a.subject_id AND b.noun = a.noun
WHERE length(a.gram) = 2 AND length(b.gram) = 2 AND substr(a.gram, 2, 1) = substr(b.gram, 1, 1)
    AND a.gram NOT LIKE '~%' AND b.gram NOT LIKE '~%';
