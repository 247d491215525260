DROP TABLE resident_home;
