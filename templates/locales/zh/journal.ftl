### 台账里说到的东西，核对的结果，平台上正在做的事。

desk-journal-unchecked = 还没有核对过。
desk-journal-gone = 已经不在
desk-journal-faults = { $count } 处对不上。

journal-noun-case = 办件
journal-noun-committee = 调解组织
journal-noun-plugin = 本县流程
journal-noun-household = 住户
journal-noun-worker = 法律服务人员
journal-noun-firm = 机构
journal-noun-division = 区划
journal-noun-facility = 服务平台
journal-noun-batch = 名册
journal-noun-plan = 方案
journal-noun-adviser = 法律顾问聘任
journal-noun-account = 账号
journal-noun-token = 令牌
journal-noun-session = 登录
journal-noun-pairing = 结对
journal-noun-card = 联络卡
journal-noun-grid = 网格
journal-noun-room = 调解室
journal-noun-shift = 值班
journal-noun-duty-rule = 服务要求
journal-noun-duty-fee = 报酬
journal-noun-visit = 走访
journal-noun-service-log = 服务日志
journal-noun-group = 群
journal-noun-notary-matter = 公证事项
journal-noun-appointment = 公证预约
journal-noun-paper = 文书
journal-noun-booking = 预约
journal-noun-wait = 候补
journal-noun-closure = 停用
journal-noun-feed = 日历地址
journal-noun-county = 本县设置
journal-noun-holiday = 放假安排
journal-noun-other = 其他

journal-fault-edited = 内容和印记不一致
journal-fault-deleted = 记录不见了
journal-fault-broken = 和前一条接不上
journal-fault-cut = 另存的链头在这里对不上
