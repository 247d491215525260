### “今天”里等着办的事。

desk-due-overdue = 已过 { $days } 天
desk-due-today = 今天
desk-due-soon = 还有 { $days } 天

desk-today-do-handover = 安排谁来接 { $count } 户
desk-today-do-cases = 安排谁来办 { $count } 件
desk-today-leave-coming = { $name }请假，{ $date }开始
desk-today-leave-now = { $name }正在请假，{ $date }回来
desk-today-gone = { $name }，{ $date }起不在
desk-today-do-plan = 确认对接方案
desk-today-do-plan-handover = 确认交接方案
desk-today-made-on = { $date }做的
desk-today-do-roster = 决定这份名册
desk-today-do-post = 续聘法律顾问
desk-today-post-ends = 聘期 { $date } 到期
desk-today-vacant = { $count } 个村（社区）没有法律顾问。
desk-today-vacant-names = { $names }等。
desk-today-vacant-go = 去聘任
desk-today-on-leave = 您登记了请假。
desk-today-village-count = { $count } 户
