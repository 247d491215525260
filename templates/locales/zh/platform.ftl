### 平台：看了什么、怎么样、正在做什么。

desk-platform-backup-last = 最近一次
desk-platform-rehearse = 用最近一份演练恢复

platform-check-key = 密钥文件
platform-check-data = 数据目录
platform-check-schema = 数据库结构
platform-check-backup = 备份
platform-check-rehearsal = 恢复演练
platform-check-counties = 县区
platform-check-calendar = 放假安排
platform-check-journal = 台账
platform-check-destructions = 到期销毁
platform-check-cage = 插件的笼子
platform-check-room = 磁盘
platform-state-green = 正常
platform-state-amber = 要留意
platform-state-red = 要处理

platform-days = { $count } 天
platform-hours = { $count } 小时
platform-minutes = { $count } 分钟
platform-backup-elsewhere = 请再抄一份到别的机器上：这块硬盘坏了，这里的备份也就没了。
platform-backup-keep = 7 天、4 周、12 个月
platform-backup-size = { $size } MB，{ $parts } 个文件
platform-backup-read = 写完重新读过
platform-running-backup = 正在备份。服务照常，过一会儿刷新看看。
platform-running-rehearsal = 正在演练恢复。服务照常，过一会儿刷新看看。
platform-running-rotation = 正在换密钥，已换 { $count } 处。服务照常，过一会儿刷新看看。
platform-key-all = 全部
platform-key-used = 在用
