# Pages of residents.
chooser-title = 您在哪个地方？
chooser-lead = 点您住的县（市、区）。
home-title = 找您村里的律师
home-lead = 咨询不收钱，不用登录。先点您住的地方。
home-find = 知道律师的名字？
home-find-hint = 汉字或拼音
home-other = 还可以
home-call = 想直接打电话
home-call-note = 不知道该找谁，就打这个号。全天有人接，不收钱。
home-visit = 当面来问
go-facilities = 找服务中心和工作站
go-facilities-note = 地址、开门时间、电话
go-facilities-tile = 站
go-workers = 看看都有哪些律师
go-workers-note = 按地方、专长、语言挑
go-workers-tile = 找
go-firms = 找律师事务所
go-firms-note = 还有公证处、法律服务所
go-firms-tile = 所
go-about = 这是什么服务
go-about-note = 谁来办，收不收钱
go-about-tile = 讲
count-villages = { $n } 个村
count-communities = { $n } 个社区
hotline-call = 拨打
danger-strong = 有人打您、吓唬您？
danger-call = 先打 <a href="tel:110"><b>110</b></a>。
danger-link = 看看还能怎么办，怎么不让人发现
villages-lead = 再点您的村或社区。
villages-none = 这里的村和社区还没有登记。先打 12348，一样能问。
villages-missing = 没有您的村？
villages-missing-link = 按律师的名字找
village-title = { $village }的法律顾问
village-over = { $township }{ $village }的法律顾问
village-vacant = 这个村的法律顾问正在选聘。现在要问法律上的事，打这个号，全天有人接，不收钱。
village-others = 也可以找这位
village-or-card = 这里是<b>全村的</b>法律顾问。您家如果有联络卡，扫卡上的码，出来的是<b>您家的</b>律师。
village-card = 您家如果有联络卡，扫卡上的码，出来的是<b>您家的</b>律师。
noanswer-strong = 律师没接？
noanswer = 过一会儿再打，或者打 <a href="tel:12348"><b>12348</b></a>，全天有人接。
call-lawyer = 打电话给{ $name }律师
call-here = 打电话问
call-to = 打电话给{ $name }
call-cost = 问法律上的事不收钱。
adviser-away = 请假到 { $until }。
adviser-away-open = 现在请假。
adviser-away-other = 这段时间可以找{ $who }。
adviser-away-call = 急的事先打 12348，全天有人接。
adviser-away-both = { $away }{ $help }
call-none = 这位没有公开电话。可以到村委会或工作站找，急的事先打：
title-lawyer = 律师
title-legal-service-worker = 法律服务工作者
title-notary = 公证员
title-aid-staff = 法律援助工作人员
title-volunteer = 法律明白人
fact-where = 在哪里
fact-hours = 开门
fact-visits = 来村里
fact-specialties = 常办
fact-languages = 会说
fact-licence = 执业证号
fact-address = 地址
fact-head = 负责人
fact-uscc = 信用代码
fact-place = 服务
fact-accessibility = 无障碍
workers-title = 律师和法律服务人员
workers-places = 这个名字的村和社区
workers-people = 找到的人
workers-none = 没有找到。少写几个字，或者用拼音试试。
workers-empty = 还没有登记律师。先打 12348，一样能问。
workers-all = 看全部
worker-villages = { $villages }顾问
worker-specialties = 常办{ $specialties }
worker-advises = 这些村的法律顾问
filter = 按地方、专长、语言挑
filter-go = 只看这些
filter-all = 全部
filter-place = 地方
filter-kind = 类别
filter-specialty = 常办
filter-language = 会说
firms-title = 律师事务所和其他机构
firms-find = 机构的名字
firms-none = 没有找到这个机构。
firms-all = 看全部
firm-people = 这里的人
firm-kind-law-firm = 律师事务所
firm-kind-legal-service-office = 基层法律服务所
firm-kind-notary-office = 公证处
firm-kind-aid-centre = 法律援助中心
facilities-title = 服务中心和工作站
facilities-lead = 进门就能问，不用预约，不收钱。
facilities-none = 这里还没有登记。先打 12348，一样能问。
facilities-all = 看全部
facility-kind-centre = 公共法律服务中心
facility-kind-station = 公共法律服务工作站
facility-kind-studio = 公共法律服务工作室
facility-does = 来这里能办什么
facility-does-text = 问法律上的事，申请法律援助，请人调解。带上身份证和有关的材料；没有也可以先来问。
card-title = 您家的律师
card-over = 您家的律师
card-over-firm = 为您家服务的机构
card-head = 负责人 { $name }
card-yours-firm = 这是<b>您家的</b>律所。换了一家，再扫同一张卡，出来的就是新的，卡不用换。
card-yours = 这是<b>您家的</b>律师。换了人，再扫同一张卡，出来的就是新的一位，卡不用换。
card-village = 找全村的法律顾问
card-find = 按村找律师
card-nobody = 您家的律师正在安排
card-nobody-note = 安排好以后，再扫这张卡就能看到。现在有事，先打这个号：
qr = 二维码
about-body =
    <p class="lead">村村有律师，家家能问到。</p>
    <h2>能办什么</h2>
    <ul><li>找到您村里的法律顾问，直接打电话。</li><li>扫联络卡，找到专门负责您家的律师。</li><li>查服务中心、工作站、律师事务所的地址和电话。</li></ul>
    <h2>收不收钱</h2>
    <p>咨询不收钱。需要请律师打官司又有困难的，可以申请法律援助，也不收钱（法律援助法第20条）。</p>
    <h2>谁来办</h2>
    <p>司法局主办，律师和基层法律服务工作者来答。</p>
    <h2>看不清、听不清</h2>
    <p>点右上角“大字”，字会变大，页面最下面还能再大。所有的页都可以用键盘操作，也可以用手机朗读。哪一页不好用，打 12348 告诉我们。</p>
privacy-body =
    <p class="lead">看这些页不用登录，不记您是谁。</p>
    <h2>我们有什么</h2>
    <p>给您家安排律师，要用到户主的姓名、住址、电话、身份证号码和家庭类别。这些由{ $county }司法局依法收集，只用来安排和提供法律服务。</p>
    <h2>谁能看到</h2>
    <ul><li>负责您家的律师，看得到怎么联系您。</li><li>本县办理的工作人员，看得到工作需要的部分。</li><li>公开的页上只有律师，从来没有住户。</li><li>谁看过，都记着，改不掉。</li></ul>
    <h2>怎么保管</h2>
    <p>电话、身份证号码、家庭类别加密保存。联络卡上的码里没有您家的任何信息，丢了可以作废换新。</p>
    <h2>您的权利</h2>
    <p>您可以看、抄、改、删自己的信息，也可以问清为什么要用（个人信息保护法第44至50条）。带身份证到任何一个公共法律服务窗口，或者打 12348。依法还要保存的，我们停止使用，到期销毁。</p>
safety-tab = 天气和生活
safety-leave = 马上离开这一页
safety-title = 有人打您、吓唬您，可以这样做
safety-lead = 家里人动手、辱骂、限制出门，都是家庭暴力。不是您的错。
safety-police = 现在有危险，马上报警
safety-body =
    <h2>找人帮</h2>
    <ul><li>妇联维权电话 <a href="tel:12338"><b>12338</b></a></li><li>问法律上的事 <a href="tel:12348"><b>12348</b></a>，全天有人接</li><li>村委会、居委会、单位、学校都有责任帮您（反家庭暴力法第13条）</li></ul>
    <h2>请法院不让他靠近</h2>
    <p>可以向法院申请人身安全保护令，不收钱，不用先离婚。法院 72 小时内决定，紧急的 24 小时内（反家庭暴力法第28条）。自己去不了，近亲属、公安、妇联、村委会可以代您申请。</p>
    <h2>留下证据</h2>
    <p>报警回执、伤情照片、病历、短信和录音，存到信得过的人那里。</p>
    <h2>不让人发现</h2>
    <ul><li>点上面的“马上离开这一页”，会换成天气预报。</li><li>看完以后，在浏览器的“历史记录”里删掉这一页。</li><li>最好用别人的手机打电话、看这一页。</li></ul>
fault-broken = 我们这边出了毛病
    .detail = 您没有做错什么。过几分钟再试；急的事先打 12348。
fault-trace = 告诉管理员这个编号，能查到原因：{ $trace }
fault-home = 回到首页
fault-desk = 回到我的工作台
next = 下一步
step-of = 第 { $step } 步，共 { $of } 步
door-title = 登录
door-lead = 律师、调解员、窗口和管理人员从这里进；在窗口开过账号的居民也从这里看自己的事。找律师、问问题不用登录。
door-username = 登录名
door-password = 密码
door-submit = 登录
door-first = 第一次来？
door-first-link = 用激活条开通账号
door-forgot = 忘了密码，请本单位管理员打一张新的激活条。
door-expired-strong = 您离开得久了。
door-expired = 请再登录一次，填过的内容还在。
door-expired-file = 请再登录一次。刚才的文件没有留下，登录后请重新选、重新填。
resumed-title = 填过的内容还在
resumed-lead = 您又登录好了。看一下下面的内容，没有问题就接着提交。
resumed-send = 接着提交
door-other = 换一个账号
door-code-title = 输入动态验证码
door-code = 验证码
door-code-hint = 打开手机上的验证器，抄法邻那一行的六位数字。
door-code-lost = 手机丢了或换了，请安全管理员重设。
activate-title = 开通账号
door-slip = 激活码
door-slip-hint = 激活条上的 12 个字母和数字，大小写、空格都没关系。
password-title = 定一个密码
password-lead = { $name }，您好。以后用它登录，别告诉任何人。
password-submit = 开通
door-new = 新密码
door-new-hint = 至少 10 个字符。三四个不相干的词就很好记。
door-again = 再输一遍
enrol-title = 绑定手机验证器
enrol-lead = 您的岗位要两样东西才能登录：密码和手机。用验证器扫这个码，再输入它显示的六位数字。
enrol-secret = 扫不了就手输：
