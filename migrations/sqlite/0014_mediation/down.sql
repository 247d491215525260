DROP TABLE committee_member;
DROP TABLE committee;
