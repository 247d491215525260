DROP TABLE stat_report;
