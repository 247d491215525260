//! Calls that clerks make where no notice reaches the person.
