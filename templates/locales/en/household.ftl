### Households: search, one household, the form, my households.

desk-household-list-title = Households
desk-household-list-count = { $count } households
desk-household-list-none = No such household. Try another spelling: pinyin, the village, the last four digits of the phone.
desk-household-list-empty = No households yet. Upload a roster, or add them one by one.
desk-household-q = Name, pinyin, village, last 4 digits
desk-household-new = Add a household
desk-household-upload = Upload a roster
desk-household-head = Head
desk-household-where = Where
desk-household-provider = Who is responsible

desk-household-kind = Rural or urban
desk-household-kind-rural = Rural household
desk-household-kind-urban = Urban household
desk-household-paired = Has an adviser
desk-household-paired-yes = Somebody is responsible
desk-household-paired-no = Nobody yet
desk-household-category = Hardship
desk-household-category-low-income = Low income
desk-household-category-extreme-poverty = Extreme poverty
desk-household-category-disability = Disability
desk-household-category-military = Soldier or soldier's family
desk-household-category-veteran = Veteran
desk-household-category-elderly = 60 or older
desk-household-category-left-behind = Left behind
desk-household-category-other = Other
desk-household-relation-head = Head
desk-household-relation-spouse = Spouse
desk-household-relation-child = Child
desk-household-relation-parent = Parent
desk-household-relation-other = Other relative
desk-household-left = Moved away

desk-household-now = Responsible now:
desk-household-now-none = Nobody is responsible for this household yet. The next plan will see to it.
desk-household-why-roster = by roster
desk-household-why-plan = by plan
desk-household-why-handover = by handover
desk-household-why-override = decided by a person
desk-household-why-person = entered by a person
desk-household-why-undo = restored by an undo
desk-household-why-clock = by date
desk-household-why-operator = by the operator

desk-household-facts = This household
desk-household-village = Village or community
desk-household-grid = Grid
desk-household-address = Address
desk-household-phone = Phone
desk-household-id-number = ID number
desk-household-note = Note
desk-household-members = Members
desk-household-members-none = Only the head is entered.
desk-household-member-name = Name
desk-household-member-relation = Relation to the head
desk-household-member-since = Entered
desk-household-categories-none = No hardship is entered.

desk-household-reveal = Show numbers and address in full
desk-household-reveal-why = Why do you need them?
desk-household-reveal-hint = One sentence, such as: to arrange a visit. Your name, the time and the reason are kept with this household; its members can see them.
desk-household-reveal-act = Show in full
desk-household-revealed = Everything is shown.
desk-household-revealed-by = By you at { $time }, because: { $reason }. It is masked again when you leave this page.

desk-household-history = Who was responsible
desk-household-history-on = Who was responsible on this day?
desk-household-history-ask = Look up
desk-household-history-answer = { $date }: { $name }.
desk-household-history-nobody = { $date }: nobody was responsible.
desk-household-history-none = Nobody has been responsible yet.

desk-household-card = Contact card
desk-household-card-live = In use
desk-household-card-revoked = Revoked
desk-household-card-unmade = Not made yet
desk-household-card-says = The code leads to this household's lawyer and tells nothing about the household. After a change the same card shows the new lawyer.
desk-household-card-since = made { $date }
desk-household-card-printed = last printed { $date }
desk-household-card-unprinted = never printed
desk-household-card-print = Print the card
desk-household-card-issue = Make a card
desk-household-card-renew = New card, revoke this one
desk-household-card-revoke = Revoke this card
desk-household-card-revoke-what = When the card was lost or is in the wrong hands. The code then shows the village's adviser only.

desk-household-readers = Who looked
desk-household-readers-none = Nobody has looked yet.

desk-household-edit-title = Change this household
desk-household-form-kept = Already entered and not shown. Leave empty to keep:
desk-household-form-head = Name of the head
desk-household-form-head-hint = As on the ID card
desk-household-form-kind = Rural or urban
desk-household-form-id-hint = 18 characters. Leave empty if there is none.
desk-household-form-phone-hint = Several are fine, separated by commas
desk-household-form-address-hint = Group and house number; township and village are known.
desk-household-form-categories-hint = Tick all that apply, or none.
desk-household-form-since = Hardship since
desk-household-form-since-hint = Empty means from today
desk-household-form-note-hint = What helps to reach them. No illness, no lawsuits.
desk-household-form-save-new = Add this household
desk-household-saved = Saved.

desk-household-mine-title = My households
desk-household-mine-count = { $count } households in { $villages } villages
desk-household-mine-none = No households in your name yet. They appear here once a plan takes effect.
desk-household-mine-nobody = Nothing found. Try another spelling: pinyin, the village, the last four digits of the phone.
desk-household-mine-cards = Print contact cards
desk-household-mine-fresh = new
