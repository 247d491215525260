### What the journal speaks of, what a verification found, what goes on at the platform.

desk-journal-unchecked = Never verified yet.
desk-journal-gone = no longer there
desk-journal-faults = { $count } entries do not agree.

journal-noun-case = Case
journal-noun-committee = Committee
journal-noun-plugin = County workflow
journal-noun-household = Household
journal-noun-worker = Legal worker
journal-noun-firm = Firm
journal-noun-division = Division
journal-noun-facility = Facility
journal-noun-batch = Roster
journal-noun-plan = Plan
journal-noun-adviser = Adviser post
journal-noun-account = Account
journal-noun-token = Token
journal-noun-session = Session
journal-noun-pairing = Pairing
journal-noun-card = Contact card
journal-noun-grid = Grid
journal-noun-room = Mediation room
journal-noun-shift = Duty
journal-noun-duty-rule = Duty rule
journal-noun-duty-fee = Fee
journal-noun-visit = Visit
journal-noun-service-log = Service log
journal-noun-group = Group
journal-noun-notary-matter = Notary matter
journal-noun-appointment = Notary appointment
journal-noun-paper = paper
journal-noun-booking = Booking
journal-noun-wait = Waiting list
journal-noun-closure = Closure
journal-noun-feed = Calendar address
journal-noun-county = Settings
journal-noun-holiday = Holidays
journal-noun-other = Other

journal-fault-edited = content and seal do not agree
journal-fault-deleted = the entry is gone
journal-fault-broken = does not follow from the one before
journal-fault-cut = the head that was written beside the database is not there
