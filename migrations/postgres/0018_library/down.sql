DROP TABLE plugin_document_index;
DROP TABLE plugin_document;
DROP TABLE plugin_errand;
