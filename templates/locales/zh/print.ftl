# Paper.
card-word = 联络卡
print-your-lawyer = 有事找您家的律师
print-your-firm = 有事找您家的律所
print-cost = 问法律上的事不收钱
print-scan = 扫一扫，总是您家现在的律师
print-village = 扫一扫，看这位律师的更多情况。您家如果有联络卡，扫卡上的码，出来的是<b>您家的</b>律师。
print-none = 没有要打印的卡。
print-hotline = 打不通
print-hotline-text = 打 12348，全天有人接
slip-word = 账号激活条
slip-open = 打开
slip-name = 登录名
slip-code = 激活码
slip-until = { $until }以前有效，只能用一次。别给别人看；丢了请管理员作废。
