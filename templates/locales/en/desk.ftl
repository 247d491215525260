### Words shared by the desk, "today" and search.

desk-any = Any
desk-filter = Filter
desk-filter-clear = Show all
desk-filters = Search and filters
desk-save = Save
desk-cancel = Leave it as it is
desk-close = Close
desk-reopen = Open again
desk-closed = { $name } (closed)
desk-edit = Change
desk-choose = Please choose
desk-span = { $from } to { $to }
desk-span-open = since { $from }
desk-span-now = { $from } until now
desk-error-at = { $label }: { $text }
desk-acts = What you can do

desk-today-title = Today
desk-today-paired = Have an adviser
desk-today-unpaired = Nobody yet
desk-today-leaves = Away or gone, to hand over
desk-today-plans = Plans to confirm
desk-today-roster = Last roster
desk-today-roster-never = none yet
desk-today-queue = What waits for me, most urgent first
desk-today-booked = Booked in the next seven days
desk-today-none = Nothing to do yet.
desk-today-none-next = Running dates are under Deadlines, news in the inbox.
desk-today-new-household = Add a household
desk-today-upload = Upload a roster
desk-today-empty-county = Begin with the rosters: divisions, firms, lawyers, village advisers, and last the households.

desk-today-mine = My households
desk-today-villages = My villages
desk-today-declined = Declined by one side
desk-today-cards = Cards to print
desk-today-my-households = My households
desk-today-my-households-what = By name, pinyin, village or the last four digits
desk-today-my-consents = Waiting for my yes
desk-today-my-consents-what = { $count } households would like you as their adviser
desk-today-my-cards = Print contact cards
desk-today-my-cards-what = { $count } for new households and changed lawyers
desk-today-my-leave = I shall be away
desk-today-my-leave-what = The earlier you say, the earlier somebody steps in
desk-today-my-villages = My villages
desk-today-tile-households = H
desk-today-tile-consents = Y
desk-today-tile-cards = C
desk-today-tile-leave = L

desk-unit-household = households
desk-unit-person = people
desk-unit-plan = plans
desk-unit-card = cards
desk-unit-village = villages
desk-unit-row = rows
desk-unit-percent = %

desk-search-title = Search
desk-search-for = Looking for “{ $query }”
desk-search-households = Households
desk-search-workers = Legal workers
desk-search-firms = Firms
desk-search-places = Villages
desk-search-more = Show all
desk-search-none = Nothing found. Try another spelling: pinyin, the village, the last four digits of the phone.
