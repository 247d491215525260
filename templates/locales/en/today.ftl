### What waits on the page "Today".

desk-due-overdue = { $days ->
    [one] yesterday
   *[other] { $days } days ago
}
desk-due-today = today
desk-due-soon = { $days ->
    [one] tomorrow
   *[other] in { $days } days
}

desk-today-do-handover = Find who takes over { $count } households
desk-today-do-cases = Find who takes { $count } cases
desk-today-leave-coming = { $name } is away from { $date }
desk-today-leave-now = { $name } is away and back on { $date }
desk-today-gone = { $name } is gone from { $date }
desk-today-do-plan = Confirm the plan
desk-today-do-plan-handover = Confirm the handover
desk-today-made-on = made on { $date }
desk-today-do-roster = Decide on this roster
desk-today-do-post = Renew the adviser's post
desk-today-post-ends = the term ends on { $date }
desk-today-vacant = { $count } villages have no adviser.
desk-today-vacant-names = Among them { $names }.
desk-today-vacant-go = Give the posts
desk-today-on-leave = You will be away.
desk-today-village-count = { $count } households
