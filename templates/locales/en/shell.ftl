# What surrounds every page, and the words of the components.
name = Falin
skip-main = Skip to the page
menu = Menu
masthead-service = Legal service, { $county }
large-print = Large
other-lang = zh-CN
other-lang-name = 中文
foot-host = Run by the justice bureau of { $county }
foot-privacy = How we protect your data
foot-about = About Falin
foot-signin = Sign in
look = Size · 中文
size = Text size
size-normal = Standard
size-large = Large
size-larger = Larger
size-largest = Largest
desk-search = Find a person or a case
desk-search-hint = Name, pinyin, case number, last 4 digits
sign-out = Sign out
draft-kept = A draft that was not sent, kept on this device alone.
draft-drop = Discard it
print-now = Print
print-hint = A4 paper, default margins, no scaling.
find = Find
field-optional = (optional)
pager = Pages
pager-back = Previous page
pager-more = Next page
errors-title = { $count ->
    [one] One thing needs changing
   *[other] { $count } things need changing
}
queue-due = Due by law
queue-act = What to do
queue-party = Who
queue-article = Rule
load-who = Lawyer
load-places = Villages
load-share = Load
load-figures = Households / limit
load-change = Change
back-home = Home

desk-menu-work = Work
desk-menu-house = Administration
