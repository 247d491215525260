# A resident's own pages, and the account that the window opens.
desk-my-title = My matters
desk-my-lawyer = Your household's lawyer
desk-my-asked = What you asked
desk-my-case = What
desk-my-turn = Waits for you
desk-my-none = You have asked nothing yet.
desk-my-readings = Who has read my matters
desk-my-readings-what = Whoever opened one is written down here and cannot be taken out.
desk-my-readings-none = Nobody has read them yet.
desk-my-when = When
desk-my-who = Who
desk-my-nobody = With number and telephone
desk-my-account = An account for a resident
desk-my-account-what = Compare the person's own ID card. The printed code works once; the owner sets the password.
desk-my-card = ID number
desk-my-card-hint = Of the head, or of a member whose number is on record
desk-my-open = Open the account and print the code
