DROP TABLE paper_template;
DROP TABLE paper_version;
DROP TABLE paper;
DROP TABLE number_series;
