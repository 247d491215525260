DROP TABLE plugin_letter;
DROP TABLE plugin_job_run;
