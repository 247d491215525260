# 运维命令说的话：迁移、体检、备份、密钥、台账、演示。
cli-migrate-nothing = 数据库结构已是最新。
cli-migrate-waiting = 还有没执行的迁移：{ $names }
cli-migrate-done = 已执行迁移：{ $names }
cli-backup-where = 请写明备份到哪个文件，或用 --to 指定文件夹。
cli-backup-done = 备份已写好并重读核对过：{ $file }（共 { $rows } 行）
cli-restore-rehearsed = 演练成功：{ $rows } 行都能恢复，台账核对无误。
cli-restore-done = 已恢复 { $rows } 行。
cli-copy-done = 已复制 { $rows } 行，逐表核对行数一致。
cli-key-sheet = 请打印下面的密钥，放进保险柜。没有它，任何备份都恢复不了。指纹 { $fingerprint }
cli-key-facts = 密钥指纹 { $fingerprint }，正在用第 { $number } 把加密钥匙。
cli-key-rotating = 重新加密
cli-key-rotated = 换好了新钥匙，{ $fields } 个字段已重新加密。请马上用 falin key export 重新打印一份锁进保险柜：旧的那一份恢复不了今后的备份。
cli-audit-chain = { $county }：{ $sealed } 条已封存，{ $unsealed } 条等待封存
cli-audit-cut = 尾部被截断，或锚点不是本系统签的。
cli-audit-faults = 有问题：{ $faults }
cli-demo-step = { $county }：{ $step }
cli-demo-links =
    一、在手机上找自己的律师（不用登录）：{ $url }/zh/620200/
    　　直接看一个村（{ $name }）：{ $url }/zh/620200/villages/{ $village }
    　　扫联络卡会看到：{ $url }/c/{ $card }
    　　县管理员把这位律师的工作移交给别人（{ $url }/desk/handovers/new），再扫一次：卡没有换，律师换了。
    二、县管理员：用您自己的表格，或者这一份：{ $trial }
    　　从这里上传：{ $url }/desk/rosters/new　先试读，看每一格的问题；导入后可以撤销。对接方案：{ $url }/desk/plans
    三、县管理员：什么事晚了：{ $url }/desk/deadlines
    　　两个窗口人员订同一间调解室：{ $url }/desk/bookings/new　后一个会看到冲突和三个空闲时间。
    四、县管理员：这个月的报表：{ $url }/desk/statistics　点数字看明细，村、镇、县对得上。
    五、县管理员：装一个流程：{ $url }/desk/plugins/new　上传 { $package }
    　　看它要什么权限，启用后菜单里就有，不用重启。可以升级、退回，新版本是 { $newer }
    　　架上的“故障演练”（{ $url }/desk/plugins）启用以后可以弄坏：坏的只有那一页。
    在这里登录：{ $url }/zh/620200/sign-in　动态口令不用手机，另开一个终端：falin demo --code --data { $data }
cli-demo-told = 各项工作流程的示例案件已经齐全
cli-demo-step-told = 示例案件：
cli-demo-county = { $county } 的账号（用户名、密码）：
cli-demo-accounts = 账号、令牌和动态口令密钥都在 { $file }
doctor-key = { $state ->
    [green] 密钥文件在，只有本账户能读。
   *[other] 密钥文件不见了，或者别的账户也能读。
}
doctor-key-todo = 从保险柜里的密钥单恢复 keys/falin.key，并把权限设为 600。
doctor-data = { $state ->
    [green] 数据目录可以写。
   *[other] 数据目录写不进去。
}
doctor-data-todo = 检查磁盘是否已满、目录权限是否被改。
doctor-room = { $state ->
    [green] 磁盘还有 { $detail } MiB。
    [amber] 磁盘只剩 { $detail } MiB，备份可能放不下。
   *[other] 磁盘只剩 { $detail } MiB，马上就要写不进去。
}
doctor-room-todo = 腾出地方，或把旧备份移到别处，再换大一点的磁盘。
doctor-certificate = { $state ->
    [green] 证书到 { $detail } 都有效。
    [amber] 证书 { $detail } 到期，快到了。
   *[other] 证书过期了，或者读不出来：{ $detail }
}
doctor-certificate-todo = 运行 falin init --tls 名称，再重新启动服务。
doctor-schema = { $state ->
    [green] 数据库结构是最新的。
   *[other] 还有没执行的迁移：{ $detail }
}
doctor-schema-todo = 先备份，再运行 falin migrate。
doctor-backup = { $state ->
    [green] 最近一次备份：{ $detail }
    [amber] 最近一次备份是 { $detail }，已经旧了。
   *[other] 从来没有备份过。
}
doctor-backup-todo = 运行 falin backup --to 目录 --keep 7d,4w,12m，并排进每天的计划任务。
doctor-rehearsal = { $state ->
    [green] 最近一次恢复演练：{ $detail }
    [amber] 最近一次恢复演练是 { $detail }，该再做一次了。
   *[other] 备份还没有试着恢复过：没恢复过的备份不能算备份。
}
doctor-rehearsal-todo = 运行 falin restore --rehearse 备份文件。
doctor-counties = { $state ->
    [green] 服务 { $detail } 个县区。
   *[other] 还没有设立县区。
}
doctor-counties-todo = 运行 falin import divisions 行政区划.csv --place 县区代码。
doctor-calendar = { $state ->
    [green] { $detail } 年的放假安排已载入。
   *[other] { $detail } 年的放假安排还没载入，期限先按约数算。
}
doctor-calendar-todo = 国务院公布后，运行 falin import holidays 文件。
doctor-destructions = { $state ->
    [green] 没有到期该销毁的信息。
   *[other] 有 { $detail } 户的信息到期，可以销毁。
}
doctor-destructions-todo = 请两位本县管理员在“信息删除请求”里办，或者运行 falin household due。
doctor-cage = { $state ->
    [green] 流程插件关在内核自带的笼子里（{ $detail }）。
    [amber] 流程插件用后备的笼子（{ $detail }）：这个内核没有 Landlock。
   *[other] 流程插件无法隔离（{ $detail }），县级流程不会加载。
}
doctor-cage-todo = 换用 5.13 以上的内核，或者允许使用用户命名空间。
doctor-journal = { $state ->
    [green] 台账核对无误，共封存 { $detail } 条。
   *[other] 台账被改动过。
}
doctor-journal-todo = 运行 falin audit verify 看是哪一条，保存现场，报告安全管理员和审计管理员。
cli-user-made = 账号 { $username } 可以用了。动态口令的密钥：{ $secret }
cli-token-used = 上次使用 { $when }
cli-token-unused = 没有用过
cli-token-until = { $when } 到期
cli-token-revoked = { $when } 撤销
cli-user-done = 账号 { $username }：办好了
cli-user-slip = { $username }  激活码 { $code }  { $until } 以前有效

cli-erasure-line = { $state }  { $due }  { $place } { $head }  { $id }
cli-deputy-line = { $from } 至 { $to }  { $deputy } 代 { $worker }  { $id }
cli-deputy-ended = { $deputy } 不再代班
