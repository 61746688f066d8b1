/** 备份、恢复演练和恢复后的保管库。 */
export const backup = {
  "backup.act": "立即备份",
  "backup.behind": "本机保管库在备份之后又有本设备的 {n} 条记录。重新备份即可包含它们。",
  "backup.by_code": "改用恢复码",
  "backup.chosen": "备份文件夹",
  "backup.chosen.hint": "其名称以 .outpost-backup 结尾。",
  "backup.code": "恢复码",
  "backup.code.hint": "请向协调中心索取设备 {device} 第 {set} 组的恢复码。检验备份不会用掉它。",
  "backup.code.none": "这份备份中没有剩余的恢复码，只能用密码打开。",
  "backup.code.what": "由协调中心在电话中读出，需要告知备份所示的组号。",
  "backup.days": "最近一次备份已有 {n} 天。",
  "backup.drill": "检验备份",
  "backup.drill.act": "仅检验",
  "backup.drill.what": "在别处打开备份的副本，逐条核验其中的记录，然后删除副本。备份和本保管库都不会改动。",
  "backup.due": "该备份了。",
  "backup.entries": "{n} 条记录。",
  "backup.faulty": "备份可以打开，但其中有问题。",
  "backup.faulty.vault": "保管库本身有问题，其备份也是如此。请致电协调中心。",
  "backup.former": "此后账户或密码已有变化，该备份中仍是以前的。",
  "backup.holds": "内容",
  "backup.last": "最近备份 {when}，{n} 天前。",
  "backup.made": "备份时间",
  "backup.never": "本保管库从未备份。",
  "backup.newest": "最新记录",
  "backup.of": "来自",
  "backup.older": "由较早版本的 Outpost 写出；副本可以更新到当前版本。",
  "backup.other": "在备份结束之处，本保管库的记录不同：同一设备有两份历史。请致电协调中心。",
  "backup.password.hint": "请使用备份时的账户和密码：此后更改过的密码打不开这份备份。",
  "backup.same": "本机保管库没有更多内容。",
  "backup.seen": "据其所述：中心 {site}，设备 {device}，备份于 {when}。",
  "backup.slot_unbound": "备份中该账户的密钥无法证明是为哪个保管库设置的。请用该账户登录保管库一次，然后重新备份。",
  "backup.subjects": "{n} 名受试者。",
  "backup.title": "备份",
  "backup.to": "去备份",
  "backup.unnoted": "保管库未能记下此次备份，其磁盘可能已满。备份本身是完整的。",
  "backup.untouched": "没有任何改动：备份和保管库都保持原样。",
  "backup.what": "将整个保管库以加密形式写入一个单独的文件夹并回读核验。请与本计算机分开存放。",
  "backup.whole": "备份完整：其中每条记录都已核验。",
  "backup.written": "共 {n} 条记录，{size} KiB，已写入、回读并同步：",

  "older.notice": "本机知道本保管库有更新的状态。可以查看；导入协调中心的回复之前不能录入。请致电协调中心。",
  "older.title": "本保管库的旧副本",
  "older.what":
    "有人用旧文件夹替换了本保管库。如果较新的文件夹仍在，请锁定本保管库并将其放回：这样不会丢失任何内容。否则请查找比此副本更新的备份：锁定本保管库，在首页选择“从备份恢复”。备份中没有的内容，只有已送出的部分保存在协调中心。请致电协调中心。",

  "pick.none": "尚未选择",

  "restore.act": "恢复到本机",
  "restore.aside":
    "它已无法打开，或比这份备份旧：将其移开。其文件夹将改名，名称中带有原因和今天的日期；其中的内容不会删除。",
  "restore.done": "保管库已恢复",
  "restore.fork": "原计算机不得再使用。两台计算机从同一备份继续，会写出两份历史，协调中心会把第二份单独搁置。",
  "restore.here": "本机已有该设备的保管库，请从上面的列表打开。只有在它已无法打开或是旧副本时，备份才会取代它。",
  "restore.next": "前往登录",
  "restore.same_code": "它是用恢复码打开的。登录时请选择“忘记密码”，并输入同一恢复码以设置新密码。",
  "restore.set_aside": "无法打开的保管库原样保留在文件夹 {folder}",
  "restore.set_aside.foreign": "仅冒用本设备名称的保管库原样保留在文件夹 {folder}",
  "restore.set_aside.older": "旧副本原样保留在文件夹 {folder}",
  "restore.set_aside.unknown":
    "此处原有的保管库已原样保存在文件夹 {folder}。它可能是完好的：这份备份没有它的密钥。如有在最后一次关闭账户之后制作的备份，请先致电协调中心再继续：用那份备份也许可以重新打开它。",
  "restore.shut": "能够登录此处保管库的人",
  "restore.shut.password": "当前密码或恢复码",
  "restore.sure.here": "此处的保管库不再有人使用，无论在本机还是其他计算机上。",
  "restore.sure": "原计算机已丢失或损坏，无人再使用。",
  "restore.title": "从备份恢复",
  "restore.unbound": "我知道这份备份的来源，没有该证明也予以接受。",
  "restore.what": "用于计算机丢失或损坏之后：在本机建立与备份时相同的保管库。",
  "restore.words":
    "登录之前，请致电协调中心，将下列词语与其所有的词语逐一核对。只要有一词不同，该文件夹就是他人制作的：请勿登录。",
  "restore.words.center": "协调中心密钥的词语",

  "restored.code": "{user}：第 {set} 套第 {code} 个恢复码",
  "restored.codes":
    "此副本等待期间，下列人员用恢复码登录。继续工作之前，请向协调中心核实每个恢复码是否正是读给该账户的。如果不是，请勿录入或送出任何内容。",
  "restored.import":
    "请致电协调中心：请其今天为中心 {site} 制作一份完整回复，并在下方导入。它会带回协调中心在此副本之后收到的内容，工作即可从该处继续。",
  "restored.notice": "本保管库由备份恢复，可以查看；与协调中心核对词语并导入其回复之前不能录入。",
  "restored.nothing": "协调中心没有更新的内容",
  "restored.nothing.hint":
    "仅在协调中心确认、且词语一致之后：备份之后原计算机没有送出任何数据包。否则从此处会产生两份历史，此后录入的内容会被单独搁置。",
  "restored.nothing.title": "不导入回复就继续？",
  "restored.nothing.yes": "协调中心已确认，继续",
  "restored.passwords":
    "密码为 {when} 时的密码：此后更改过密码的人请用原密码登录。工作恢复后，每个人都要设置新密码。如协调中心的回复表明某人的密码此后已由管理员或恢复码更换，则须由管理员重新设置；从未送出的更换无从得知。",
  "restored.title": "由备份恢复",
  "restored.to": "前往“同步”页面",
  "restored.what": "在知道协调中心有哪些内容之前不能录入：否则会与此副本之后已送出的记录相矛盾。",
  "restored.words":
    "恢复者可能受骗：在继续工作之前，请致电协调中心，将下列词语与其所有的词语逐一核对。只要有一词不同，此保管库就是他人制作的：请勿录入或送出任何内容。",

  "refused.account_closed": "该账户在备份之后已关闭。请用其他账户登录。",
  "refused.awaits_center": "本保管库是较早状态的副本。请先在“同步”页面导入协调中心的完整回复。没有任何改动。",
  "refused.backup_unreadable": "本计算机不允许读取这份备份。请将其复制到您可以读取的 U 盘或文件夹。",
  "refused.bad_copy": "备份与写出时不一致：文件缺失或损坏，或回读不符。请使用其他备份或其他 U 盘。",
  "refused.behind": "协调中心有本设备的记录而此处没有。请向协调中心索取本中心的完整回复并导入。",
  "refused.checkpoint_unread": "无法读取本保管库的检查点，因此不能录入。请在“同步”页面再查找一次。没有任何改动。",
  "refused.device_here": "本机已有该设备的保管库。没有任何改动。",
  "refused.no_backup": "该文件夹中没有备份。请选择名称以 .outpost-backup 结尾的文件夹。",
  "refused.old_reply":
    "这是一份旧回复：此前已导入过，或协调中心已告知过更新的内容。请向协调中心索取本中心新的完整回复并导入。没有任何改动。",
  "refused.overtaken": "备份期间有账户被关闭，保管库已重新写出。没有任何损坏，请重新备份。",
  "refused.slot_unbound": "该账户的密钥无法证明这就是当初设置密码的保管库。请换用其他账户，或先致电协调中心再继续。",
  "refused.slots_mended":
    "本机上该设备的保管库完好，只是密码文件损坏，现已修复。请从上面的列表登录。没有移开任何内容。",
  "refused.vault_damaged":
    "本保管库已损坏，无法打开。没有任何改动。请致电协调中心。如有备份，请在首页选择“从备份恢复”：届时会将损坏的保管库移开。",
  "refused.vault_shut":
    "此处的保管库与备份的密钥不同，例如此后关闭过账户。请由在其中有账户的人同时输入其当前密码。没有任何改动。",
  "refused.vault_sound": "本机上该设备的保管库完好。请登录使用；如忘记密码，请使用恢复码。没有任何改动。",
  "refused.way_in_revoked":
    "您登录所用的密码或恢复码在此副本之后已被更换或使用过，工作恢复后即告失效。请由其他人登录后执行此操作，再由管理员为您重新设置密码。如果只有这一个账户，请向协调中心索取另一个恢复码。没有任何改动。",
  "refused.wrong_password_here":
    "备份已打开，但此处保管库的用户名与密码不符。请按当前的用户名和密码输入。没有任何改动。",

  "unread.notice": "无法读取本保管库的检查点。可以查看；再次查找检查点之前不能录入。",
  "unread.title": "无法读取检查点",
  "unread.what":
    "本机在保管库文件夹之外记录了保管库的进度。登录时无法读取该记录：可能被其他程序占用，或者文件或文件夹已损坏或被锁定。核对之前无法知道这是否是保管库的最新状态，因此不写入任何内容。",
  "unread.without": "再查找一次",
  "unread.without.hint":
    "将再查找一次。如能找到，工作照常继续。如仍无法读取，工作将在没有检查点的情况下继续，并告知协调中心是由谁决定的。仅在您确知没有人用旧文件夹替换本保管库时才可继续。",
  "unread.without.title": "继续工作（必要时不用检查点）？",
  "unread.without.yes": "查找并继续",
} as const;
