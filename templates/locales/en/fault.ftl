# What is wrong with a file that an author writes: a sentence a code, with what to do (the codes: core/domain/src/fault/table.rs)
fault-line = { $file }, line { $line }

# Places
fault-at-flow = flow { $name }
fault-at-step = step { $name }
fault-at-state = state { $name }
fault-at-field = field { $name }
fault-at-of = column { $name }
fault-at-fields = asks for { $name }
fault-at-deadline = deadline { $name }
fault-at-readers = reader { $n }
fault-at-dossier = dossier { $n }
fault-at-guards = guard { $n }
fault-at-effects = effect { $n }
fault-at-sets = sets { $name }
fault-at-to = way { $n }
fault-at-setting = setting { $name }
fault-at-job = job { $name }
fault-at-hook = hook { $name }
fault-at-import = import { $name }
fault-at-columns = column { $name }
fault-at-page = page { $name }
fault-at-action = form { $name }
fault-at-list = list { $name }
fault-at-statistic = statistic { $name }
fault-at-collection = collection { $name }
fault-at-migration = migration { $name }
fault-at-permission = permission { $name }
fault-at-post = post { $name }
fault-at-paper = paper { $name }
fault-at-text = text
fault-at-options = option { $name }
fault-at-query = query { $name }
fault-at-layout = layout
fault-at-number = number
fault-at-fill = fill
fault-at-when = condition

# What cannot be read
field-fault-toml-key = there is no “{ $name }” here; mend the name or take it out{ $known ->
        [none] .
       *[other] . What can stand here: { $known }.
    }
field-fault-toml-word = “{ $word }” cannot stand here. What can: { $known }.
field-fault-toml-lacks = “{ $name }” is missing; add it.
field-fault-toml-twice = this stands twice; take one out.
field-fault-toml-shape = here stands { $found ->
        [text] a text
        [number] a number
        [yes] true or false
        [list] a list
        [table] a table
        [day] a day
       *[other] something else
    }; what belongs here is { $expected ->
        [text] a text in quotes
        [number] a number without quotes
        [yes] true or false without quotes
        [list] a list in square brackets
        [table] a table of name = value in braces
        [use] a field's name, or a table with name and when
        [target] a state, or a list of tables with state and when
        [inside] true, false or a condition
        [reader] a role, or a table with role and when
        [day] a day
       *[other] another thing: see the manual
    }.
field-fault-toml-syntax = { $sort ->
        [unclosed] a bracket is not closed; add the half that is missing.
        [comma] a comma is missing, or one too many; look between each two entries.
        [value] a name or a value is missing: every entry is name = value.
        [equals] a sign = is missing, or one too many: every entry is name = value.
        [quote] the quotes are wrong: a text stands between two quotation marks.
       *[other] this is no TOML; look at quotes, brackets, commas and signs = of this line ({ $told }).
    }
field-fault-each = write a place alone, or a flow and which of its cases; not both.
field-fault-role = there is no role “{ $role }”; write the code of one.
field-fault-whom = “{ $name }” is nobody: write resident, worker, next, appointed, or the code of a role.

# Names, and what they lead to
field-fault-name = only a–z, 0–9 and _ make a name; choose another.
field-fault-name-hyphen = only a–z, 0–9, _ and - make a name, at most 40 of them; choose another.
field-fault-name-id = 2 to 40 small letters, digits and single hyphens, a letter first; choose another.
field-fault-name-flow = the id of a flow is of small letters, digits and hyphens, at most 40; choose another.
field-fault-name-query = letters, digits and _ make the name of a parameter; choose another.
field-fault-twice = this name stands twice; change one or take it out.
field-fault-no-flow = there is no flow “{ $flow }”; name one that there is.
field-fault-no-state = flow “{ $flow }” has no state “{ $state }”; mend the name, or add it under state.
field-fault-no-step = flow “{ $flow }” has no step “{ $step }”; mend the name, or add the step.
field-fault-no-field = flow “{ $flow }” has no field “{ $field }”; mend the name, or add it under field.
field-fault-no-index = the field “{ $field }” of flow “{ $flow }” has no index; write index = true there.
field-fault-needs-kind = a field of kind { $kind } is needed; “{ $field }” is of another, or not declared.
field-fault-no-post = there is no post “{ $post }”; mend the name, or add it with [[post]].
field-fault-no-text = text “{ $text }” is not declared; add it under [text], in both languages.
field-fault-no-figure = there is no statistic “{ $figure }”; mend the name, or add it with [[statistic]].
field-fault-no-deadline = deadline “{ $deadline }” is neither in the law's table nor declared; mend the code, or add it with [[flow.deadline]].
field-fault-no-number-setting = there is no number setting “{ $setting }”; mend the name, or add one of kind number with [[setting]].
field-fault-no-paper = there is no paper “{ $paper }”; name one of the house, or add it with [[paper]].
field-fault-between = it must be from { $least } to { $most }.
field-fault-too-many = too many: at most { $most }.
field-fault-too-large = the file is larger than { $most } KiB; make it smaller.
field-fault-cannot-hold = it cannot hold { $value }; give another value.
field-fault-text-missing = { $lang ->
        [zh] the Chinese text is missing; write zh.
       *[en] the English text is missing; write en.
    }
field-fault-text-apart = “{ $name }” stands in one language only; have the same names in braces in both.

# The head of a declaration
field-fault-id-of-house = this id is that of a flow of the house; choose another.
field-fault-version = a version is three numbers, such as 1.0.0.
field-fault-abi = this server speaks up to { $speaks }; change abi, or upgrade the server first.
field-fault-division = “{ $code }” is no division code and no beginning of one.
field-fault-no-flows = there is no flow; write at least one [[flow]].
field-fault-limits = out of bounds: memory_mib 8 to 256, call_ms 10 to 5,000, host_calls at most 10,000.
field-fault-permission-needed = permission “{ $code }” is needed and not asked for; add it with [[permission]], and why.
field-fault-library-unasked = a library is brought, and permission “library” not asked for; add it with [[permission]], and why.
field-fault-library-unbrought = permission “library” is asked for, and none is brought; pack the library, or take the permission out.

# Flows
field-fault-flow-reserved = version, noun, posts and texts are said by the package; take them out of the flow.
field-fault-flow-opening = exactly one step opens a case: the one without from.
field-fault-number-bare = the number needs { "{year}" } and { "{n}" }, else two cases share one.
field-fault-number-name = “{ $name }” cannot stand in braces here: only year, n and office can.
field-fault-place-kind = “{ $field }” is no field of kind division; name one that is.
field-fault-field-taken = the case itself has this name; choose another.
field-fault-field-choices = there is nothing to choose; write options, or name a shared list.
field-fault-field-passing = a case keeps nothing of a passing field, so it has no index; take out passing or index.
field-fault-field-rows = rows have columns in of, and nothing else has.
field-fault-field-max = this max leaves nothing that could be filled in; raise it.
field-fault-deadline-code = the code of the deadline begins with “{ $plugin }.”; change it.
field-fault-deadline-zero = the period is nothing; write an n above 0.
field-fault-deadline-setting = the period is { $n }, and the setting “{ $setting }” stands at another number; make them equal.
field-fault-state-unreached = this state is never reached; add a step that leads there, or take it out.
field-fault-state-dead-end = this is a dead end: no way leads to a closed state; add a step.
field-fault-state-open-next = an open state says in next whose turn it is.
field-fault-state-closed-next = in a closed state it is nobody's turn; take next out.
field-fault-state-turn = it is the turn of { $role }, who can do nothing here; change next, or add the role to a step.
field-fault-step-nobody = nobody may do it; write roles or posts.
field-fault-step-last-way = the last way has a condition, so that some case would lead nowhere; take its when out.
field-fault-sets-count = “{ $list }” cannot be counted for “{ $field }”: the one must be rows, the other a number or money.
field-fault-sets-value = “{ $value }” cannot be put into “{ $field }”: there is no such field, or it cannot hold it.
field-fault-rows-dates = a list “{ $rows }” with the dates “{ $due }” and “{ $done }” is needed.
field-fault-rows-columns = a list “{ $rows }” with the columns “{ $column }” and “{ $other }” is needed.
field-fault-notice-nobody = the case is closed then, and it is nobody's turn; send the notice to somebody else.
field-fault-notice-no-field = text “{ $text }” names “{ $field }”, which is not declared; mend the name, or add it under field.
field-fault-notice-kept = text “{ $text }” may not say “{ $field }”: a message leaves the house, and names no person and nothing that is kept from anybody; take it out.
field-fault-notice-inside = text “{ $text }” tells residents “{ $field }”, which a step writes inside the house; name it under tells of this step, or take it out.
field-fault-linked-no-state = it looks at no state of “{ $flow }”; name some in outside.
field-fault-when-no-field = the condition speaks of “{ $field }”, which is not declared; mend the name, or add it under field.
field-fault-when-never = “{ $field }” is never “{ $value }”; name one of its choices.
field-fault-when-no-index = cases are found by this condition, and the field “{ $field }” has no index; write index = true there.
field-fault-when-nothing = the condition on “{ $field }” asks for nothing; write in, at_least or at_most.
field-fault-when-bound = “{ $field }” (kind { $kind }) cannot be held against “{ $bound }”: a number stands against a number, money against fen, a day against a day, or each against a field of its kind.
field-fault-when-list = cases are found by this condition; it can be the in of one field alone, without at_least, at_most, and, or.

# What opens other cases by itself
field-fault-opens-known = “{ $name }” is none of @number, @day, @place.
field-fault-opens-text = “{ $name }” is a text, and “{ $field }” holds none; choose another field.
field-fault-opens-nothing = there is no field “{ $name }” to take; mend the name.
field-fault-opens-person = “{ $name }” is a person's number, and “{ $field }” is no field of its kind; choose one that is.
field-fault-opens-kinds = “{ $name }” is of kind { $kind }, and “{ $field }” of kind { $other }; choose another field.
field-fault-opens-sensitive = “{ $name }” is read by few, and “{ $field }” would show it to whoever sees the case; choose a field that is sensitive too.
field-fault-opens-unasked = the step that opens “{ $flow }” does not ask for “{ $field }”; take it out, or have the step ask for it.
field-fault-opens-unfilled = nothing fills “{ $field }”, which opening “{ $flow }” demands; add it.
field-fault-opens-library = the step that opens “{ $flow }” asks the library, which only a person's act does; nothing can open it by itself.
field-fault-act-no-step = flow “{ $flow }” has no step “{ $step }” to take on a case; mend the name.
field-fault-act-unasked = the step “{ $step }” of “{ $flow }” does not ask for “{ $field }”; take it out, or have the step ask for it.
field-fault-act-unfilled = nothing fills “{ $field }”, which the step “{ $step }” of “{ $flow }” demands; add it.

# What stands beside the flows
field-fault-setting-rows = a setting holds no rows; they belong into a flow.
field-fault-setting-number = a number stands until a county says otherwise; write a default.
field-fault-job-both = the library does a job, or the house, not both; keep one of library, open and act.
field-fault-job-either = a job opens a case (open), or takes a step on each case (act); write one of them.
field-fault-job-once = once is for hooks: a job has its turn once by itself; take it out.
field-fault-job-library = the step “{ $step }” asks the library, which the house does not; choose another.
field-fault-job-asks = the step “{ $step }” asks for something that nobody fills in then; choose another.
field-fault-hook-no-step = there is no such flow and step; on is FLOW/STEP.
field-fault-hook-either = a hook opens a case (open), takes a step on linked cases (act), or tells the library (library = true); write one of them.
field-fault-hook-facts = facts are for a library; write library = true, or take them out.
field-fault-import-no-head = there is no head; write heads.
field-fault-import-unfilled = no column fills “{ $field }”, which opening demands; add one.
field-fault-page-nobody = nobody may open the page; write roles.
field-fault-page-template = the template is a path in the package that ends in .hbs, such as templates/board.hbs.
field-fault-page-no-template = what the library says is shown by a template; write template.
field-fault-page-query = a query is for a library; write library = true, or take it out.
field-fault-page-role = “{ $role }” may not open the page; take it out, or add it to the page's roles.
field-fault-page-field = a form below a page has no such field: none of kind rows, none called action, csrf or version.
field-fault-page-asks-twice = two forms of the page ask for “{ $field }”; rename one.
field-fault-collection-index = at most 5 members, of letters, digits and _.
field-fault-figure-per = per is at least 1.
field-fault-figure-percent = a share of a hundred has the unit %, in both languages.
field-fault-figure-yuan = a sum of money is shown in yuan: its unit is 元.
field-fault-figure-share = its rows are the library's, so it is a share of nothing; take out of or library.
field-fault-figure-no-day = “{ $name }” is no day: write a date with an index, @opened, @closed, or @ and a step of “{ $flow }”.
field-fault-figure-median = a median is neither a sum nor a share, and its days are the house's; take out sum, of or library.

# Papers
field-fault-paper-of-house = “{ $paper }” is a paper of the house, and no former name of another; take it out.
field-fault-paper-was = “{ $paper }” under was is no code, or stands twice.
field-fault-paper-not-for-flow = paper “{ $paper }” is not for this flow; add the flow to its flows, or choose another.
field-fault-paper-no-file = the declaration names this paper, and there is no such file; add it.
field-fault-paper-undeclared = no [[paper]] of plugin.toml names this file; add one, or take the file out.
field-fault-paper-code = the code is “{ $code }”, and the file is named otherwise; make them equal.
field-fault-paper-nouns = a paper of a package is for its own flows; take this out, and name them in plugin.toml under flows.
field-fault-paper-counted = prefix “{ $prefix }” is counted by “{ $paper }” too, in another series; change it, or use one series.
field-fault-paper-no-field = there is no field “{ $field }”; mend the name, or add it under fields.
field-fault-paper-unused = field “{ $field }” is nowhere in the layout; print it, or take it out.
field-fault-paper-no-column = “{ $column }” is no column of “{ $list }”; mend the name.
field-fault-paper-kind = “{ $field }” is of another kind than this line prints; change the kind, or the line.
field-fault-paper-style = “{ $style }” is no style of a number; see the manual of papers.
field-fault-paper-empty-title = it is empty; write it.
field-fault-paper-long-title = too long: at most { $most } characters.
field-fault-paper-size = at most { $fields } fields, and 1 to { $lines } lines of layout.
field-fault-paper-after = “{ $name }” is neither a step nor a state of its flows; mend the name.
field-fault-paper-no-number = a field prints the number, and there is none; write [number], or take the field out.
field-fault-paper-unprinted = there is a number, and nothing prints it; add a field no of kind number.
field-fault-paper-prefix = prefix “{ $prefix }” needs words, at most 40 characters, and nothing but office in braces.
field-fault-paper-house-prefix = prefix “{ $prefix }” is one that the house counts under; choose another.
field-fault-paper-variant = series “{ $series }” has the prefix of the other: numbers would stand twice; choose another.
field-fault-paper-wide = a row has more fields than fit beside each other; make several rows.
field-fault-paper-nothing = nothing would be printed; add to the layout.
field-fault-paper-sample = values made for its fields are not read again as they are; look at kinds and options.
field-fault-paper-source = field “{ $field }” is filled from “{ $source }”, which no case of its flows knows; mend the name.
field-fault-paper-unfilled = field “{ $field }” is to come from the case, and nothing there fills it; name it in [fill], or let it be typed (from = "typed").
field-fault-entry-no-block = there is no block “{ $block }”; mend the name.
field-fault-entry-no-of = block “{ $block }” needs of.
field-fault-entry-no-name = this field has no name; write name.
field-fault-entry-lacks = this field lacks its { $what }; add it.
field-fault-entry-column = column “{ $column }”: write name:label or name:label:kind.
field-fault-entry-column-kind = column “{ $column }”: there is no kind “{ $kind }”.
field-fault-entry-name = names are of a–z, 0–9, _ and dots, and labels are not empty.
field-fault-entry-columns = a list has columns, and nothing else has.
field-fault-entry-options = only a choice has options; take them out, or change the kind.
field-fault-entry-by-hand = signatures and seals are by hand; write from = "hand".
field-fault-line-word = no line begins with “{ $word }”; see the manual of papers.
field-fault-line-form = this line is written so: { $form }
field-fault-line-braces = braces go together, and hold a field's name.
field-fault-line-unclosed = a [? is without its ]; add it.
field-fault-line-unopened = a ] is without its [?; add it, or take the ] out.
field-fault-line-nested = a [? stands inside another; take them apart.

# Templates of pages
field-fault-template-missing = page “{ $page }” names this template, and there is no such file; add it.
field-fault-template-unescaped = this writes values without escaping; use two braces.
field-fault-template-forbidden = { $sign } cannot stand in a template; take it out.
field-fault-template-block = “{ $block }” is no block: each, if or unless of one path is.
field-fault-template-unopened = “{ $block }” is closed here and was not open.
field-fault-template-unclosed = { $sign } is never closed; close it.
field-fault-template-path = “{ $said }” is neither a path nor a text.
field-fault-template-deep = blocks stand too deep in each other; take them apart.
field-fault-template-unseen = “{ $said }”: page “{ $page }” has no “{ $name }”; mend the name, or add it to the page.
field-fault-template-tag = <{ $tag }> is not allowed; choose another tag.
field-fault-template-attribute = <{ $tag }> may not have “{ $attribute }”; take it out.
field-fault-template-attributes = the attributes of <{ $tag }> stand in double quotes, one after another.
field-fault-template-link = a link of <{ $tag }> leads to { "{{link}}" }, or to an address that begins with one /.
