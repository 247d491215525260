### 住户：查找、一户、登记、我负责的户。

desk-household-list-title = 住户
desk-household-list-count = 共 { $count } 户
desk-household-list-none = 没有找到这样的户。换个写法再找：拼音、村名、电话后四位都可以。
desk-household-list-empty = 还没有住户。上传名册，或一户一户登记。
desk-household-q = 姓名、拼音、村名、电话后四位
desk-household-new = 登记一户
desk-household-upload = 上传名册
desk-household-head = 户主
desk-household-where = 在哪里
desk-household-provider = 谁负责

desk-household-kind = 农村还是城镇
desk-household-kind-rural = 农村家庭
desk-household-kind-urban = 城镇家庭
desk-household-paired = 有没有人负责
desk-household-paired-yes = 有人负责
desk-household-paired-no = 还没人负责
desk-household-category = 困难类别
desk-household-category-low-income = 低保
desk-household-category-extreme-poverty = 特困
desk-household-category-disability = 残疾
desk-household-category-military = 军人、军属
desk-household-category-veteran = 退役军人
desk-household-category-elderly = 60 岁以上
desk-household-category-left-behind = 留守
desk-household-category-other = 其他
desk-household-relation-head = 户主
desk-household-relation-spouse = 配偶
desk-household-relation-child = 子女
desk-household-relation-parent = 父母
desk-household-relation-other = 其他亲属
desk-household-left = 已迁走

desk-household-now = 现在负责的是
desk-household-now-none = 还没有人负责这一户，下一份对接方案会安排。
desk-household-why-roster = 名册上写明
desk-household-why-plan = 对接方案安排
desk-household-why-handover = 交接而来
desk-household-why-override = 人工改定
desk-household-why-person = 人工登记
desk-household-why-undo = 撤回后恢复
desk-household-why-clock = 到期
desk-household-why-operator = 维护人员办理

desk-household-facts = 这一户
desk-household-village = 村（社区）
desk-household-grid = 网格
desk-household-address = 住址
desk-household-phone = 电话
desk-household-id-number = 身份证号
desk-household-note = 备注
desk-household-members = 家里人
desk-household-members-none = 只登记了户主。
desk-household-member-name = 姓名
desk-household-member-relation = 是户主的
desk-household-member-since = 何时登记
desk-household-categories-none = 没有登记困难类别。

desk-household-reveal = 看全号码和住址
desk-household-reveal-why = 为什么要看
desk-household-reveal-hint = 写一句就行，比如：约走访时间。您的名字、时间和原因会记在这一户名下，本人看得到。
desk-household-reveal-act = 看全
desk-household-revealed = 全部号码已显示。
desk-household-revealed-by = { $time } 由您查看，原因：{ $reason }。离开这一页就收起。

desk-household-history = 历任
desk-household-history-on = 某一天是谁负责？
desk-household-history-ask = 查
desk-household-history-answer = { $date } 负责的是 { $name }。
desk-household-history-nobody = { $date } 没有人负责这一户。
desk-household-history-none = 还没有安排过。

desk-household-card = 联络卡
desk-household-card-live = 在用
desk-household-card-revoked = 已作废
desk-household-card-unmade = 还没有做
desk-household-card-says = 卡上的码只连到这一户的律师，不露这一户的任何信息。换了律师，同一张卡显示新律师。
desk-household-card-since = { $date } 做的
desk-household-card-printed = 最近一次打印：{ $date }
desk-household-card-unprinted = 还没打印过
desk-household-card-print = 打印联络卡
desk-household-card-issue = 做一张联络卡
desk-household-card-renew = 换一张，旧的作废
desk-household-card-revoke = 作废这张卡
desk-household-card-revoke-what = 卡丢了，或落在别人手里时用。作废后，扫码只显示村里的法律顾问。

desk-household-readers = 谁看过
desk-household-readers-none = 还没有人看过。

desk-household-edit-title = 修改这一户
desk-household-form-kept = 这些已经登记，不显示。不改就空着：
desk-household-form-head = 户主姓名
desk-household-form-head-hint = 和身份证上一样
desk-household-form-kind = 农村还是城镇
desk-household-form-id-hint = 18 位。没有就空着。
desk-household-form-phone-hint = 可以写几个，用顿号隔开
desk-household-form-address-hint = 组、门牌。不用再写乡镇和村。
desk-household-form-categories-hint = 有几样选几样，哪样都没有就不选。
desk-household-form-since = 困难类别从哪天算起
desk-household-form-since-hint = 不写就从今天算起
desk-household-form-note-hint = 联系时用得上的话。不写病情和官司。
desk-household-form-save-new = 登记这一户
desk-household-saved = 已保存。

desk-household-mine-title = 我负责的户
desk-household-mine-count = 共 { $count } 户，在 { $villages } 个村
desk-household-mine-none = 您名下还没有住户。对接方案生效后会出现在这里。
desk-household-mine-nobody = 没有找到。换个写法再找：拼音、村名、电话后四位都可以。
desk-household-mine-cards = 打印联络卡
desk-household-mine-fresh = 新来的
