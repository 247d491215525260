DROP TABLE plugin_errand;
