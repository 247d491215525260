# Paper.
card-word = contact card
print-your-lawyer = Your household's lawyer
print-your-firm = Your household's law firm
print-cost = Legal advice is free
print-scan = Scan: always your present lawyer
print-village = Scan for more. If your household has a contact card, scan that one: it shows <b>your own</b> lawyer.
print-none = There are no cards to print.
print-hotline = No answer
print-hotline-text = Call 12348, day and night
slip-word = Account activation slip
slip-open = Open
slip-name = Sign-in name
slip-code = Activation code
slip-until = Works once, until { $until }. Show it to nobody; if it is lost, have it cancelled.
