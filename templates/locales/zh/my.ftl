# 居民自己的页面，和窗口给居民开的账号。
desk-my-title = 我的事
desk-my-lawyer = 您家的律师
desk-my-asked = 问过的事
desk-my-case = 什么事
desk-my-turn = 等您办
desk-my-none = 还没有问过。
desk-my-readings = 谁看过我的事
desk-my-readings-what = 谁在什么时候打开看过，都记在这里，改不了。
desk-my-readings-none = 还没有人看过。
desk-my-when = 什么时候
desk-my-who = 谁
desk-my-nobody = 凭编号和电话
desk-my-account = 给居民开账号
desk-my-account-what = 拿着本人的身份证核对。打印出来的激活码只能用一次，本人自己设密码。
desk-my-card = 身份证号码
desk-my-card-hint = 户主或者在户里登记了号码的家人
desk-my-open = 开账号，打印激活码
