# Pages of residents.
chooser-title = Where do you live?
chooser-lead = Choose your county or city.
home-title = Find your village's lawyer
home-lead = Advice is free and needs no account. Start with the place where you live.
home-find = Know the lawyer's name?
home-find-hint = Characters or pinyin
home-other = You can also
home-call = Rather call
home-call-note = Not sure whom to ask? This line is answered day and night, free of charge.
home-visit = Ask in person
go-facilities = Find a service centre
go-facilities-note = Addresses, opening hours, phones
go-facilities-tile = 站
go-workers = See all lawyers
go-workers-note = By place, field, language
go-workers-tile = 找
go-firms = Find a law firm
go-firms-note = Notaries and legal service offices too
go-firms-tile = 所
go-about = What is this service
go-about-note = Who answers, what it costs
go-about-tile = 讲
count-villages = { $n ->
    [one] { $n } village
   *[other] { $n } villages
}
count-communities = { $n ->
    [one] { $n } community
   *[other] { $n } communities
}
hotline-call = Call
danger-strong = Is somebody hurting or threatening you?
danger-call = Call <a href="tel:110"><b>110</b></a> first.
danger-link = What else you can do, and how to stay unnoticed
villages-lead = Now choose your village or community.
villages-none = No villages are recorded here yet. Call 12348 meanwhile; it answers just as well.
villages-missing = Your village is not here?
villages-missing-link = Search by the lawyer's name
village-title = Legal adviser of { $village }
village-over = Legal adviser of { $village }, { $township }
village-vacant = The village is choosing its adviser. For a legal question now, call this line: day and night, free of charge.
village-others = You can also ask
village-or-card = This is the adviser of the <b>whole village</b>. If your household has a contact card, scan it: it shows <b>your own</b> lawyer.
village-card = If your household has a contact card, scan it: it shows <b>your own</b> lawyer.
noanswer-strong = No answer?
noanswer = Call again a little later, or call <a href="tel:12348"><b>12348</b></a>, day and night.
call-lawyer = Call { $name }, lawyer
call-here = Call
call-to = Call { $name }
call-cost = Legal advice is free of charge.
adviser-away = On leave until { $until }.
adviser-away-open = On leave at present.
adviser-away-other = Meanwhile you can ask { $who }.
adviser-away-call = If it is urgent, call 12348, answered day and night.
adviser-away-both = { $away } { $help }
call-none = No public number. Ask at the village committee or the station; if it is urgent, call:
title-lawyer = lawyer
title-legal-service-worker = legal service worker
title-notary = notary
title-aid-staff = legal aid staff
title-volunteer = legal volunteer
fact-where = Where
fact-hours = Open
fact-visits = In the village
fact-specialties = Often handles
fact-languages = Speaks
fact-licence = Licence
fact-address = Address
fact-head = Head
fact-uscc = Credit code
fact-place = Serves
fact-accessibility = Access
workers-title = Lawyers and legal service workers
workers-places = Villages and communities of this name
workers-people = People found
workers-none = Nobody found. Try fewer letters, or pinyin.
workers-empty = No lawyer is recorded yet. Call 12348 meanwhile; it answers just as well.
workers-all = Show all
worker-villages = adviser of { $villages }
worker-specialties = Often handles { $specialties }
worker-advises = Adviser of these villages
filter = Choose by place, field, language
filter-go = Show these
filter-all = All
filter-place = Place
filter-kind = Kind
filter-specialty = Often handles
filter-language = Speaks
firms-title = Law firms and other offices
firms-find = Name of the office
firms-none = No such office was found.
firms-all = Show all
firm-people = People here
firm-kind-law-firm = Law firm
firm-kind-legal-service-office = Legal service office
firm-kind-notary-office = Notary office
firm-kind-aid-centre = Legal aid centre
facilities-title = Service centres and stations
facilities-lead = Walk in and ask: no appointment, no charge.
facilities-none = None is recorded here yet. Call 12348 meanwhile; it answers just as well.
facilities-all = Show all
facility-kind-centre = Public legal service centre
facility-kind-station = Public legal service station
facility-kind-studio = Public legal service room
facility-does = What you can do here
facility-does-text = Ask a legal question, apply for legal aid, ask for mediation. Bring your ID card and papers; without them you can still come and ask.
card-title = Your household's lawyer
card-over = Your household's lawyer
card-over-firm = The firm that serves your household
card-head = Head: { $name }
card-yours-firm = This is <b>your own</b> law firm. When it changes, the same card shows the new one; keep the card.
card-yours = This is <b>your own</b> lawyer. When the person changes, the same card shows the new one; keep the card.
card-village = Find the village's adviser
card-find = Find a lawyer by village
card-nobody = Your household's lawyer is being chosen
card-nobody-note = Scan this card again later. If you need help now, call this line:
qr = QR code
about-body =
    <p class="lead">A lawyer for every village, within reach of every home.</p>
    <h2>What you can do</h2>
    <ul><li>Find your village's legal adviser and call.</li><li>Scan your contact card to reach your own household's lawyer.</li><li>Find centres, stations and firms with address and phone.</li></ul>
    <h2>What it costs</h2>
    <p>Advice is free. If you cannot afford a lawyer for a case, you can apply for legal aid, which is free too (Legal Aid Law, article 20).</p>
    <h2>Who answers</h2>
    <p>The justice bureau runs it; lawyers and legal service workers answer.</p>
    <h2>Hard to see or hear</h2>
    <p>Choose "Large" at the top; the foot of each page makes the text larger still. Every page works by keyboard and with a screen reader. If a page does not work for you, tell us on 12348.</p>
privacy-body =
    <p class="lead">Reading these pages needs no account and does not record who you are.</p>
    <h2>What we hold</h2>
    <p>To give your household a lawyer we need its head's name, address, phone, ID number and household category. The justice bureau of { $county } collects them by law, for legal service only.</p>
    <h2>Who sees it</h2>
    <ul><li>Your household's lawyer sees how to reach you.</li><li>Staff of your county see what their work needs.</li><li>Public pages show lawyers, never households.</li><li>Whoever looks leaves a trace that cannot be changed.</li></ul>
    <h2>How it is kept</h2>
    <p>Phone, ID number and category are encrypted. The code on your card holds nothing about your household; a lost card can be revoked and replaced.</p>
    <h2>Your rights</h2>
    <p>You may see, copy, correct and erase your data and ask why it is used (Personal Information Protection Law, articles 44 to 50). Bring your ID card to any legal service window, or call 12348. What the law still requires us to keep, we stop using and destroy when it is due.</p>
safety-tab = Weather and living
safety-leave = Leave this page now
safety-title = If somebody hurts or threatens you
safety-lead = Being hit, insulted or locked in by family is domestic violence. It is not your fault.
safety-police = In danger now? Call the police
safety-body =
    <h2>Who helps</h2>
    <ul><li>Women's rights line <a href="tel:12338"><b>12338</b></a></li><li>Legal questions <a href="tel:12348"><b>12348</b></a>, day and night</li><li>Village committee, employer and school must help you (Anti-Domestic Violence Law, article 13)</li></ul>
    <h2>Have a court keep them away</h2>
    <p>You can ask the court for a personal safety order: free of charge, no divorce needed. The court decides within 72 hours, within 24 if it is urgent (article 28). Close relatives, police, the women's federation or the village committee can apply for you.</p>
    <h2>Keep evidence</h2>
    <p>Police receipts, photos of injuries, medical records, messages, recordings: leave them with somebody you trust.</p>
    <h2>Stay unnoticed</h2>
    <ul><li>"Leave this page now" above turns it into a weather forecast.</li><li>Afterwards delete this page from the browser's history.</li><li>Better still, use somebody else's phone.</li></ul>
fault-broken = Something broke on our side
    .detail = You did nothing wrong. Try again in a few minutes; if it is urgent, call 12348.
fault-trace = Give the administrator this number to find the cause: { $trace }
fault-home = Back to the first page
fault-desk = Back to my desk
next = Next
step-of = Step { $step } of { $of }
door-title = Sign in
door-lead = For lawyers, mediators, clerks and administrators, and for residents whose account the window has opened. Finding a lawyer and asking need none.
door-username = Sign-in name
door-password = Password
door-submit = Sign in
door-first = First time here?
door-first-link = Open your account with the slip
door-forgot = Forgot the password? Ask your administrator for a new slip.
door-expired-strong = You were away for long.
door-expired = Please sign in again; what you typed is kept.
door-expired-file = Please sign in again. The file was not kept: choose it and fill in the form once more.
resumed-title = What you filled in is still here
resumed-lead = You are signed in again. Read it over, then send it on.
resumed-send = Send it on
door-other = Use another account
door-code-title = Type your code
door-code = Code
door-code-hint = Open the authenticator on your phone and copy the six digits beside Falin.
door-code-lost = Lost or changed your phone? Ask the security administrator to reset it.
activate-title = Open your account
door-slip = Activation code
door-slip-hint = The 12 letters and digits on the slip; capitals and spaces do not matter.
password-title = Choose a password
password-lead = Hello { $name }. You will sign in with it; tell nobody.
password-submit = Open the account
door-new = New password
door-new-hint = At least 10 characters. Three or four unrelated words are easy to keep.
door-again = Once more
enrol-title = Pair your authenticator
enrol-lead = Your post needs two things to sign in: a password and a phone. Scan this code with the authenticator, then type the six digits it shows.
enrol-secret = Cannot scan? Type this:
