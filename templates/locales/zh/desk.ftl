### 工作台共用的话和“今天”。

desk-any = 不限
desk-filter = 筛一下
desk-filter-clear = 看全部
desk-filters = 查找条件
desk-save = 保存
desk-cancel = 不改了
desk-close = 停用
desk-reopen = 恢复使用
desk-closed = { $name }（已停用）
desk-edit = 修改
desk-choose = 请选
desk-span = { $from } 到 { $to }
desk-span-open = { $from } 起
desk-span-now = { $from } 至今
desk-error-at = { $label }：{ $text }
desk-acts = 能做的事

desk-today-title = 今天
desk-today-paired = 已有人负责
desk-today-unpaired = 还没人负责
desk-today-leaves = 请假、离开，等交接
desk-today-plans = 对接方案，等确认
desk-today-roster = 最近一次名册
desk-today-roster-never = 还没上传过
desk-today-queue = 等我办的事，先急后缓
desk-today-booked = 约好的，今后七天
desk-today-none = 还没有要办的事。
desk-today-none-next = 还在走的期限看“期限”，新消息看“收件箱”。
desk-today-new-household = 登记一户
desk-today-upload = 上传名册
desk-today-empty-county = 先从名册开始：行政区划、律所、律师、村（社区）法律顾问，最后是住户。

desk-today-mine = 我负责
desk-today-villages = 我去的村
desk-today-declined = 有一方没答应的
desk-today-cards = 联络卡要打印
desk-today-my-households = 我负责的户
desk-today-my-households-what = 按姓名、拼音、村名、电话后四位都能找
desk-today-my-consents = 等我答应的户
desk-today-my-consents-what = { $count } 户想请您当法律顾问
desk-today-my-cards = 打印联络卡
desk-today-my-cards-what = 换了律师或新来的户，{ $count } 张
desk-today-my-leave = 我要请假
desk-today-my-leave-what = 早一天说，就早一天有人接您的户
desk-today-my-villages = 我去的村
desk-today-tile-households = 户
desk-today-tile-consents = 应
desk-today-tile-cards = 卡
desk-today-tile-leave = 假

desk-unit-household = 户
desk-unit-person = 位
desk-unit-plan = 份
desk-unit-card = 张
desk-unit-village = 个
desk-unit-row = 行
desk-unit-percent = %

desk-search-title = 查找
desk-search-for = 找“{ $query }”
desk-search-households = 住户
desk-search-workers = 法律服务人员
desk-search-firms = 机构
desk-search-places = 村（社区）
desk-search-more = 看全部
desk-search-none = 没有找到。换个写法再找：拼音、村名、电话后四位都可以。
