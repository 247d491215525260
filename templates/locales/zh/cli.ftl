# 命令行说的话。
cli-plain-http = 从别的机器访问要走加密：给 --tls-cert 和 --tls-key，或先运行 falin init --tls，或者（前面有代理时）加 --behind-proxy。
cli-init-done = 数据目录已备好：{ $data }
cli-init-authority = 请把这份证书装到要访问本站的手机和电脑上：{ $file }
cli-stats-reconciled = 各级相加都对得上
