DROP TABLE notice_setting;
DROP TABLE call_task;
DROP TABLE reach;
DROP TABLE inbox;
DROP TABLE notice;
DROP TABLE deadline_rule;
DROP TABLE deadline;
