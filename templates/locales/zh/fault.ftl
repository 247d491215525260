# 作者写的文件里的毛病：一个代码一句话，说明哪里不对、怎么改（代码见 core/domain/src/fault/table.rs）
fault-line = { $file } 第 { $line } 行

# 位置
fault-at-flow = 流程 { $name }
fault-at-step = 步骤 { $name }
fault-at-state = 状态 { $name }
fault-at-field = 字段 { $name }
fault-at-of = 列 { $name }
fault-at-fields = 填写项 { $name }
fault-at-deadline = 期限 { $name }
fault-at-readers = 第 { $n } 个可看的人
fault-at-dossier = 第 { $n } 项归档材料
fault-at-guards = 第 { $n } 个前提
fault-at-effects = 第 { $n } 项后续
fault-at-sets = 自动填写 { $name }
fault-at-to = 去向 { $n }
fault-at-setting = 设置项 { $name }
fault-at-job = 定时任务 { $name }
fault-at-hook = 联动 { $name }
fault-at-import = 导入 { $name }
fault-at-columns = 表格列 { $name }
fault-at-page = 页面 { $name }
fault-at-action = 表单 { $name }
fault-at-list = 列表 { $name }
fault-at-statistic = 统计 { $name }
fault-at-collection = 资料集 { $name }
fault-at-migration = 升级规则 { $name }
fault-at-permission = 权限 { $name }
fault-at-post = 岗位 { $name }
fault-at-paper = 文书 { $name }
fault-at-text = 文字
fault-at-options = 选项 { $name }
fault-at-query = 参数 { $name }
fault-at-layout = 版式
fault-at-number = 编号
fault-at-fill = 自动带入
fault-at-when = 条件

# 读不懂的写法
field-fault-toml-key = 没有“{ $name }”这一项，请改正或者删掉{ $known ->
        [none] 。
       *[other] 。这里可以写：{ $known }。
    }
field-fault-toml-word = 不能写“{ $word }”。这里可以写：{ $known }。
field-fault-toml-lacks = 少了“{ $name }”这一项，请补上。
field-fault-toml-twice = 这一项写了两次，请删掉一个。
field-fault-toml-shape = 这里写的是{ $found ->
        [text] 文字
        [number] 数字
        [yes] true 或 false
        [list] 一串（方括号）
        [table] 一组（花括号）
        [day] 日期
       *[other] 别的内容
    }，应当写{ $expected ->
        [text] 文字，两边加引号
        [number] 数字，不加引号
        [yes] true 或者 false，不加引号
        [list] 一串，放在方括号里
        [table] 一组“名称 = 内容”，放在花括号里
        [use] 字段名，或者带 name 和 when 的一组
        [target] 一个状态，或者一串带 state 和 when 的组
        [inside] true、false，或者一个条件
        [reader] 一个角色，或者带 role 和 when 的一组
        [day] 日期
       *[other] 另一种内容，请照说明书改
    }。
field-fault-toml-syntax = { $sort ->
        [unclosed] 括号没有配对，请补上缺的那一半。
        [comma] 逗号少了或者多了，请对一对每两项之间的逗号。
        [value] 少了名称或者内容，每一项都要写成“名称 = 内容”。
        [equals] 等号少了或者多了，每一项都要写成“名称 = 内容”。
        [quote] 文字两边的引号不对，文字要放在一对英文引号里。
       *[other] 不合 TOML 的写法，请看这一行的引号、括号、逗号和等号（{ $told }）。
    }
field-fault-each = 要么只写 place，要么写 flow 和办件的条件，不能混着写。
field-fault-role = 没有角色“{ $role }”，请改成一个角色的代码。
field-fault-whom = 没有“{ $name }”这个人。可以写 resident、worker、next、appointed，或者一个角色的代码。

# 名称，以及名称指到的东西
field-fault-name = 名称只能用小写字母、数字和下划线，请改名。
field-fault-name-hyphen = 名称只能用小写字母、数字、下划线和连字符，最多 40 个，请改名。
field-fault-name-id = 要用 2 到 40 个小写字母、数字或者单个连字符，字母开头，请改名。
field-fault-name-flow = 流程的 id 只能用小写字母、数字和连字符，最多 40 个，请改名。
field-fault-name-query = 参数名只能用字母、数字和下划线，请改名。
field-fault-twice = 这个名称写了两次，请改掉或者删掉一个。
field-fault-no-flow = 没有流程“{ $flow }”，请改成已有的流程。
field-fault-no-state = 流程“{ $flow }”没有状态“{ $state }”，请改正，或者在 state 里加上。
field-fault-no-step = 流程“{ $flow }”没有步骤“{ $step }”，请改正，或者加上这一步。
field-fault-no-field = 流程“{ $flow }”没有字段“{ $field }”，请改正，或者在 field 里加上。
field-fault-no-index = 流程“{ $flow }”的字段“{ $field }”没有索引，请给它写上 index = true。
field-fault-needs-kind = 这里要一个类型是 { $kind } 的字段，“{ $field }”不是，或者没有这个字段。
field-fault-no-post = 没有岗位“{ $post }”，请改正，或者用 [[post]] 加上。
field-fault-no-text = 没有文字“{ $text }”，请在 [text] 里加上，中英文都写。
field-fault-no-figure = 没有统计“{ $figure }”，请改正，或者用 [[statistic]] 加上。
field-fault-no-deadline = 没有期限“{ $deadline }”：法定期限表里没有，流程里也没写。请改正，或者用 [[flow.deadline]] 加上。
field-fault-no-number-setting = 没有数字设置项“{ $setting }”，请改正，或者用 [[setting]] 加一个 kind = "number" 的。
field-fault-no-paper = 没有文书“{ $paper }”，请改成自带的文书，或者用 [[paper]] 加上。
field-fault-between = 要在 { $least } 到 { $most } 之间，请改。
field-fault-too-many = 太多了，最多 { $most } 个。
field-fault-too-large = 文件太大，最多 { $most } KiB，请删减。
field-fault-cannot-hold = 这个字段装不下 { $value }，请换一个合适的值。
field-fault-text-missing = { $lang ->
        [zh] 没有写中文，请补上 zh。
       *[en] 没有写英文，请补上 en。
    }
field-fault-text-apart = “{ $name }”只在一种语言里有，请把中英文里花括号的内容写成一样。

# 说明文件的开头
field-fault-id-of-house = 这个 id 是系统自带流程的，请换一个。
field-fault-version = 版本号要写三段数字，例如 1.0.0。
field-fault-abi = 本系统的接口版本最高是 { $speaks }，请改 abi，或者先升级系统。
field-fault-division = “{ $code }”不是区划代码，也不是区划代码的开头，请改。
field-fault-no-flows = 一个流程也没有，请至少写一个 [[flow]]。
field-fault-limits = 超出范围：memory_mib 8 到 256，call_ms 10 到 5,000，host_calls 最多 10,000。
field-fault-permission-needed = 用到了权限“{ $code }”，却没有申请。请用 [[permission]] 加上，并写明为什么要。
field-fault-library-unasked = 带了程序库，却没有申请权限“library”。请用 [[permission]] 加上，并写明为什么要。
field-fault-library-unbrought = 申请了权限“library”，却没有带程序库。请把程序库打进包，或者删掉这个权限。

# 流程
field-fault-flow-reserved = version、noun、posts、texts 由插件包统一写，流程里请删掉。
field-fault-flow-opening = 要有一个、也只能有一个步骤不写 from：由它登记新的办件。
field-fault-number-bare = 编号里要有 { "{year}" } 和 { "{n}" }，否则两件会编成同一个号。
field-fault-number-name = 编号里不能写“{ $name }”，花括号里只能是 year、n 或者 office。
field-fault-place-kind = “{ $field }”不是类型为 division 的字段，请改成一个区划字段。
field-fault-field-taken = 办件本身已经用了这个名称，请改名。
field-fault-field-choices = 没有可以选的，请写 options，或者用 list 指一个共用的选项表。
field-fault-field-passing = passing 的字段不留在办件里，没法索引，passing 和 index 只能留一个。
field-fault-field-rows = 类型是 rows 的字段要在 of 里写列，别的类型不能写 of。
field-fault-field-max = 这个 max 太小，什么也填不进去，请改大。
field-fault-deadline-code = 期限的代码要以“{ $plugin }.”开头，请改。
field-fault-deadline-zero = 期限是 0，请写一个大于 0 的 n。
field-fault-deadline-setting = 期限写的是 { $n }，设置项“{ $setting }”的默认值却不一样，请改成一样。
field-fault-state-unreached = 没有哪一步会走到这个状态，请加上一步，或者删掉这个状态。
field-fault-state-dead-end = 从这个状态走不到办结，请加上一步。
field-fault-state-open-next = 没有办结的状态要写 next：轮到谁办。
field-fault-state-closed-next = 已经办结的状态不轮到谁办，请删掉 next。
field-fault-state-turn = 轮到 { $role } 办，可这个角色在这里没有能做的步骤。请改 next，或者在步骤的 roles 里加上。
field-fault-step-nobody = 没有人能做这一步，请写 roles 或者 posts。
field-fault-step-last-way = 最后一个去向带了条件，有的办件会无处可去。请去掉最后一个的 when。
field-fault-sets-count = 没法把“{ $list }”数进“{ $field }”：前一个要是 rows，后一个要是数字或者金额。
field-fault-sets-value = 没法把“{ $value }”填进“{ $field }”：没有这个字段，或者它装不下这个值。
field-fault-rows-dates = 要有一个 rows 字段“{ $rows }”，里面有日期列“{ $due }”和“{ $done }”。
field-fault-rows-columns = 要有一个 rows 字段“{ $rows }”，里面有列“{ $column }”和“{ $other }”。
field-fault-notice-nobody = 这一步以后就办结了，没有轮到谁办，通知发不出去。请把 to 改成别人。
field-fault-notice-no-field = 文字“{ $text }”里的“{ $field }”不是这个流程的字段，请改正，或者在 field 里加上。
field-fault-notice-kept = 文字“{ $text }”不能写“{ $field }”：通知要发到系统外面，不能写人的信息，也不能写对谁保密的内容。请删掉。
field-fault-notice-inside = 文字“{ $text }”要告诉来办事的人“{ $field }”，这个字段是内部步骤写的。请在这一步的 tells 里写上它，或者从文字里删掉。
field-fault-linked-no-state = 没有写要看流程“{ $flow }”的哪些状态，请在 outside 里写上。
field-fault-when-no-field = 条件里的字段“{ $field }”没有写过，请改正，或者在 field 里加上。
field-fault-when-never = “{ $field }”从来不会是“{ $value }”，请改成它的选项。
field-fault-when-no-index = 这里的条件要按索引查，字段“{ $field }”没有索引，请给它写上 index = true。
field-fault-when-nothing = 对“{ $field }”的条件没有写要什么，请写 in、at_least 或者 at_most。
field-fault-when-bound = “{ $field }”（{ $kind }）不能和“{ $bound }”比大小：数和数比，金额和分比，日期和日期比，或者和同类的字段比。
field-fault-when-list = 这里按条件查案件，只能写一个字段的 in，不能写 at_least、at_most、and、or。

# 自动登记别的办件
field-fault-opens-known = “{ $name }”不能用，只有 @number、@day、@place。
field-fault-opens-text = “{ $name }”是文字，“{ $field }”装不了文字，请换一个字段。
field-fault-opens-nothing = 没有字段“{ $name }”可以取，请改正。
field-fault-opens-person = “{ $name }”是个人的号码，“{ $field }”不是同一类型，不能放进去。请换成同类型的字段。
field-fault-opens-kinds = “{ $name }”的类型是 { $kind }，“{ $field }”的类型是 { $other }，放不进去。请换一个字段。
field-fault-opens-sensitive = “{ $name }”只有少数人能看，放进“{ $field }”，看得到办件的人就都看得到。请换成同样保密的字段。
field-fault-opens-unasked = 流程“{ $flow }”登记时不填“{ $field }”，请删掉，或者在登记那一步加上。
field-fault-opens-unfilled = 流程“{ $flow }”登记时必须填“{ $field }”，这里没有给，请补上。
field-fault-opens-library = 流程“{ $flow }”登记时要问程序库，只有人来登记才行，不能自动登记。
field-fault-act-no-step = 流程“{ $flow }”没有能对已有办件做的步骤“{ $step }”，请改正。
field-fault-act-unasked = 流程“{ $flow }”的步骤“{ $step }”不填“{ $field }”，请删掉，或者在那一步加上。
field-fault-act-unfilled = 流程“{ $flow }”的步骤“{ $step }”必须填“{ $field }”，这里没有给，请补上。

# 流程以外的
field-fault-setting-rows = 设置项不能是 rows，请放到流程里。
field-fault-setting-number = 数字设置项要有默认的数字，请写 default。
field-fault-job-both = 定时任务要么交给程序库，要么由系统办，不能都写。请只留 library、open、act 中的一个。
field-fault-job-either = 定时任务要么登记新的办件（open），要么对每件走一步（act），请只写一个。
field-fault-job-once = once 只给联动用，定时任务本来就只办一次。请删掉 once。
field-fault-job-library = 步骤“{ $step }”要问程序库，系统不能自动走这一步。请换一步。
field-fault-job-asks = 步骤“{ $step }”有必须填的内容，系统没法自动填。请换一步。
field-fault-hook-no-step = 没有这个流程或者步骤。on 要写成“流程/步骤”。
field-fault-hook-either = 联动可以登记新的办件（open）、对关联的办件走一步（act），或者告诉程序库（library = true），请只写一个。
field-fault-hook-facts = facts 是告诉程序库的，请写上 library = true，或者删掉 facts。
field-fault-import-no-head = 没有写表头，请在 heads 里写上。
field-fault-import-unfilled = 登记时必须填“{ $field }”，表里没有哪一列填它，请加上一列。
field-fault-page-nobody = 没有人能打开这个页面，请写 roles。
field-fault-page-template = template 要写插件包里的路径，以 .hbs 结尾，例如 templates/board.hbs。
field-fault-page-no-template = 程序库说的内容要用模板来显示，请写 template。
field-fault-page-query = 参数是给程序库的，请写上 library = true，或者删掉 query。
field-fault-page-role = “{ $role }”打不开这个页面，请删掉，或者加到页面的 roles 里。
field-fault-page-field = 页面下的表单不能有这个字段：不能是 rows，也不能叫 action、csrf、version。
field-fault-page-asks-twice = 这个页面有两处要填“{ $field }”，请改掉一个名称。
field-fault-collection-index = 索引最多 5 项，每项只能用字母、数字和下划线。
field-fault-figure-per = per 至少是 1。
field-fault-figure-percent = 每百的比率，单位要写 %，中英文都是。
field-fault-figure-yuan = 金额按元显示，单位请写“元”。
field-fault-figure-share = 由程序库分项的统计不能再算比率，请删掉 of 或者 library。
field-fault-figure-no-day = “{ $name }”不是日期。可以写有索引的日期字段、@opened、@closed，或者 @ 加流程“{ $flow }”的一个步骤。
field-fault-figure-median = 中位数不能同时求和、算比率，也不能交给程序库。请删掉 sum、of 或者 library。

# 文书
field-fault-paper-of-house = “{ $paper }”是系统自带的文书，不能当作别的文书的旧代码，请删掉。
field-fault-paper-was = was 里的“{ $paper }”不是代码，或者写了两次，请改。
field-fault-paper-not-for-flow = 文书“{ $paper }”不是给这个流程的，请把流程加进它的 flows，或者换一份。
field-fault-paper-no-file = 说明文件写了这份文书，却没有这个文件，请补上。
field-fault-paper-undeclared = plugin.toml 里没有哪个 [[paper]] 指到这个文件，请加上，或者删掉文件。
field-fault-paper-code = 代码写的是“{ $code }”，和文件名不一样，请改成一样。
field-fault-paper-nouns = 插件包的文书只给自己的流程用，请删掉这一行，在 plugin.toml 的 flows 里写。
field-fault-paper-counted = 代字“{ $prefix }”另一份文书“{ $paper }”也在用，编号却各编各的。请换一个代字，或者用同一个 series。
field-fault-paper-no-field = 没有字段“{ $field }”，请改正，或者在 fields 里加上。
field-fault-paper-unused = 字段“{ $field }”版式里哪里都没有用到，请加进版式，或者删掉。
field-fault-paper-no-column = “{ $column }”不是“{ $list }”的列，请改正。
field-fault-paper-kind = “{ $field }”的类型和这一行要印的不一样，请改字段的类型，或者换一种行。
field-fault-paper-style = 编号样式“{ $style }”不对，请照文书说明书改。
field-fault-paper-empty-title = 不能空着，请写上。
field-fault-paper-long-title = 太长了，最多 { $most } 个字。
field-fault-paper-size = 字段最多 { $fields } 个，版式 1 到 { $lines } 行，请改。
field-fault-paper-after = “{ $name }”既不是它的流程的步骤，也不是状态，请改正。
field-fault-paper-no-number = 有印编号的字段，却没有编号，请写 [number]，或者删掉这个字段。
field-fault-paper-unprinted = 写了编号，却没有印它的字段，请加一个名叫 no、类型是 number 的字段。
field-fault-paper-prefix = 代字“{ $prefix }”要有文字，最多 40 个字，花括号里只能写 office。
field-fault-paper-house-prefix = 代字“{ $prefix }”系统自带的文书已经在用，请换一个。
field-fault-paper-variant = series“{ $series }”和另一个的代字一样，会编出同样的号，请换一个代字。
field-fault-paper-wide = 有一行的字段太多，并排放不下，请分成几行。
field-fault-paper-nothing = 什么也印不出来，请在版式里加上内容。
field-fault-paper-sample = 按字段试填的内容读不回来，请检查各字段的类型和选项。
field-fault-paper-source = 字段“{ $field }”要从“{ $source }”带入，它的流程的办件里没有这个内容，请改正。
field-fault-paper-unfilled = 字段“{ $field }”要从办件带入，却没有内容可带。请写进 [fill]，或者改成手填（from = "typed"）。
field-fault-entry-no-block = 没有共用的字段块“{ $block }”，请改正。
field-fault-entry-no-of = 用字段块“{ $block }”要写 of。
field-fault-entry-no-name = 这个字段没有名称，请写 name。
field-fault-entry-lacks = 这个字段少了“{ $what }”，请补上。
field-fault-entry-column = 列“{ $column }”要写成 name:label 或者 name:label:kind。
field-fault-entry-column-kind = 列“{ $column }”：没有类型“{ $kind }”，请改正。
field-fault-entry-name = 名称只能用小写字母、数字、下划线和点，label 不能空。
field-fault-entry-columns = 类型是 list 的字段要写 columns，别的类型不能写。
field-fault-entry-options = 只有选择类的字段才有 options，请删掉，或者改类型。
field-fault-entry-by-hand = 签名和盖章都是手工的，请写 from = "hand"。
field-fault-line-word = 没有以“{ $word }”开头的行，请照文书说明书改。
field-fault-line-form = 这一行要写成：{ $form }
field-fault-line-braces = 花括号没有配对，或者里面不是字段名，请改。
field-fault-line-unclosed = 有 [? 没有 ]，请补上。
field-fault-line-unopened = 有 ] 没有 [?，请补上或者删掉。
field-fault-line-nested = [? 里面不能再有 [?，请拆开。

# 页面模板
field-fault-template-missing = 页面“{ $page }”要用这个模板，却没有这个文件，请补上。
field-fault-template-unescaped = 这样写会不转义就输出，只能用两个花括号。
field-fault-template-forbidden = 模板里不能写 { $sign }，请删掉。
field-fault-template-block = “{ $block }”不对：只能写 each、if 或者 unless，后面跟一个名称。
field-fault-template-unopened = 这里结束的“{ $block }”没有开始过，请对一对。
field-fault-template-unclosed = { $sign } 没有结束，请补上。
field-fault-template-path = “{ $said }”既不是名称，也不是文字，请改。
field-fault-template-deep = 一层套一层太深了，请拆开。
field-fault-template-unseen = “{ $said }”：页面“{ $page }”没有“{ $name }”，请改正，或者在页面里加上。
field-fault-template-tag = 不能用 <{ $tag }>，请换一个标签。
field-fault-template-attribute = <{ $tag }> 不能有属性“{ $attribute }”，请删掉。
field-fault-template-attributes = <{ $tag }> 的属性要放在英文双引号里，一个接一个地写。
field-fault-template-link = <{ $tag }> 的链接只能是 { "{{link}}" }，或者以一个 / 开头的地址。
