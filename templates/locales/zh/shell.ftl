# What surrounds every page, and the words of the components.
name = 法邻
skip-main = 跳到正文
menu = 菜单
masthead-service = { $county }公共法律服务
large-print = 大字
other-lang = en
other-lang-name = EN
foot-host = { $county }司法局主办
foot-privacy = 怎么保护您的信息
foot-about = 关于法邻
foot-signin = 登录
look = 字号 · EN
size = 字的大小
size-normal = 标准
size-large = 大
size-larger = 更大
size-largest = 最大
desk-search = 找人、找案件
desk-search-hint = 姓名、拼音、案号、电话后四位
sign-out = 退出
draft-kept = 这是上次没有送出去的草稿，只存在这台设备上。
draft-drop = 清掉草稿
print-now = 打印
print-hint = A4 纸，边距选“默认”，不要缩放。
find = 查找
field-optional = （可不填）
pager = 翻页
pager-back = 上一页
pager-more = 下一页
errors-title = { $count ->
    [1] 有一处要改一下
    [2] 有两处要改一下
   *[other] 有 { $count } 处要改一下
}
queue-due = 法定期限
queue-act = 要做的事
queue-party = 跟谁有关
queue-article = 依据
load-who = 律师
load-places = 负责的村
load-share = 负担
load-figures = 户 / 上限
load-change = 比现在
back-home = 首页

desk-menu-work = 办事
desk-menu-house = 管理
