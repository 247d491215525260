SELECT set_config('falin.county', 'all', true);
DELETE FROM name_gram WHERE length(gram) = 3 AND gram NOT LIKE '~%';
