DROP TRIGGER stat_report_no_delete;
DROP TABLE stat_report;
