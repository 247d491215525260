### 命令行：收名册、撤回、导出，以及在哪个县。

cli-place-empty = 这里还没有县。先收行政区划：falin import divisions 文件 --place 区划代码
cli-place-several = 这里有几个县，请用 --place 区划代码 说明是哪一个。
cli-import-figures = 读到 { $rows } 行，收 { $accepted } 行：新增 { $new }，改 { $changed }，没变 { $unchanged }
cli-import-dry = 只是试读，什么都没改。
cli-import-batch = 已收。要撤回：falin import undo { $batch }
cli-import-undone = { $file } 已撤回：去掉新增的 { $new } 行，恢复改过的 { $changed } 行。
cli-import-dropped = { $file } 只检查过，已经删除，没有改动任何数据。
cli-import-cases = { $file }：接过来 { $new } 件在办案件，原来就有 { $known } 件。
cli-import-cases-fault = 第 { $row } 行 { $column }：{ $text }
cli-plugin-import-figures = { $file }：表里 { $rows } 行，新增 { $new } 件，{ $known } 行已经有了，{ $faulty } 行有错、没有收
cli-plugin-import-none = 没有可以新增的行，什么都没改。
cli-finding-sheet = 工作表
cli-finding-row = 行
cli-finding-column = 列
cli-finding-what = 怎么了
cli-finding-fix = 怎么改
cli-finding-then = 收不收
cli-finding-error = 不收
cli-finding-warning = 收
cli-finding-more = 还有 { $count } 处；--json 会全部列出。
cli-export-done = 已写入 { $file }
cli-export-format = 请说明写成什么：--format xlsx、csv 或 json。
cli-export-out = xlsx 要写进文件：加 --out 文件。
