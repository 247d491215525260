DROP TABLE plugin_install;
DROP TABLE plugin_package;
DROP TABLE plugin_revocation;
DROP TABLE plugin_key;
