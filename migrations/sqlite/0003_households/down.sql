DROP TABLE contact_card;
DROP TABLE household_category;
DROP TABLE household_member;
DROP TABLE household_phone;
DROP TABLE household;
