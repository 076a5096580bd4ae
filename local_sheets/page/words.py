"""The page's words in English, Simplified and Traditional Chinese."""

from collections.abc import Mapping

LANGUAGES = ("en", "zh-Hans", "zh-Hant")

WORDS: Mapping[str, tuple[str, str, str]] = {
    "sheets": ("Sheets", "工作表", "工作表"),
    "table": ("Cells of sheet {title}", "工作表“{title}”的单元格", "工作表「{title}」的儲存格"),
    "row": ("Row", "行", "列"),
    "note": ("note: {text}", "批注：{text}", "附註：{text}"),
    "find": ("Find in this sheet", "在本工作表中查找", "在此工作表中尋找"),
    "find.go": ("Find", "查找", "尋找"),
    "find.none": ("No row contains “{text}”.", "没有包含“{text}”的行。", "沒有包含「{text}」的列。"),
    "find.some": (
        "{count} rows contain “{text}”.",
        "{count} 行包含“{text}”。",
        "{count} 列包含「{text}」。",
    ),
    "find.more": (
        "More than {count} rows contain “{text}”; the first {count} are shown.",
        "超过 {count} 行包含“{text}”，显示前 {count} 行。",
        "超過 {count} 列包含「{text}」，顯示前 {count} 列。",
    ),
    "find.stop": ("Show all rows", "显示所有行", "顯示所有列"),
    "range": (
        "Rows {first} to {last} of {total}",
        "第 {first} 至 {last} 行，共 {total} 行",
        "第 {first} 至 {last} 列，共 {total} 列",
    ),
    "empty": ("This sheet is empty.", "此工作表为空。", "此工作表沒有內容。"),
    "pages": ("Pages of rows", "行的分页", "列的分頁"),
    "first": ("First", "首页", "首頁"),
    "previous": ("Previous", "上一页", "上一頁"),
    "next": ("Next", "下一页", "下一頁"),
    "last": ("Last", "末页", "末頁"),
    "goto": ("Go to row", "转到行", "前往列"),
    "goto.go": ("Go", "转到", "前往"),
    "add": ("Add a row", "添加一行", "新增一列"),
    "add.save": ("Save the row", "保存该行", "儲存此列"),
    "cancel": ("Cancel", "取消", "取消"),
    "print": ("All rows for print", "打印所有行", "列印所有列"),
    "language": ("Language", "语言", "語言"),
    "hint": (
        "Arrow keys move; Enter or a double click edits a cell; Escape gives up.",
        "方向键移动；按 Enter 或双击编辑单元格；按 Esc 取消。",
        "方向鍵移動；按 Enter 或按兩下編輯儲存格；按 Esc 取消。",
    ),
    "edit": ("Edit {cell}", "编辑 {cell}", "編輯 {cell}"),
    "saved": ("{cell} is saved.", "{cell} 已保存。", "{cell} 已儲存。"),
    "added": ("Row {row} is added.", "已添加第 {row} 行。", "已新增第 {row} 列。"),
    "choose": ("(blank)", "（空白）", "（空白）"),
    "cut": (
        "The server cannot be reached; what you typed is kept and sent again.",
        "无法连接服务器；您输入的内容已保留，将重新发送。",
        "無法連線到伺服器；您輸入的內容已保留，將重新傳送。",
    ),
    "back": ("The connection is back.", "连接已恢复。", "連線已恢復。"),
    "late": (
        "Somebody changed {cell} to “{theirs}” meanwhile. Press Enter again to write yours over it.",
        "其间有人把 {cell} 改成了“{theirs}”。再按一次 Enter 将用您的内容覆盖。",
        "其間有人把 {cell} 改成了「{theirs}」。再按一次 Enter 將以您的內容覆寫。",
    ),
    "gone": ("This row was deleted meanwhile.", "该行其间已被删除。", "此列其間已被刪除。"),
    "protected": (
        "This cell is protected.",
        "此单元格受保护。",
        "此儲存格受保護。",
    ),
    "formula": (
        "This server does not compute the formula; its text is kept.",
        "本服务器不计算该公式；公式文本已保留。",
        "此伺服器不計算該公式；公式文字已保留。",
    ),
    "refused.list": (
        "{cell} must be one of: {0}.",
        "{cell} 必须是以下之一：{0}。",
        "{cell} 必須是下列之一：{0}。",
    ),
    "refused.number": ("{cell} must be a number.", "{cell} 必须是数字。", "{cell} 必須是數字。"),
    "refused.date": (
        "{cell} must be a date, such as 2026-11-23.",
        "{cell} 必须是日期，例如 2026-11-23。",
        "{cell} 必須是日期，例如 2026-11-23。",
    ),
    "refused.number_greater": ("{cell} must be above {0}.", "{cell} 必须大于 {0}。", "{cell} 必須大於 {0}。"),
    "refused.number_greater_than_eq": (
        "{cell} must be {0} or more.",
        "{cell} 必须不小于 {0}。",
        "{cell} 必須不小於 {0}。",
    ),
    "refused.number_less": ("{cell} must be below {0}.", "{cell} 必须小于 {0}。", "{cell} 必須小於 {0}。"),
    "refused.number_less_than_eq": (
        "{cell} must be {0} or less.",
        "{cell} 必须不大于 {0}。",
        "{cell} 必須不大於 {0}。",
    ),
    "refused.number_eq": ("{cell} must be {0}.", "{cell} 必须等于 {0}。", "{cell} 必須等於 {0}。"),
    "refused.number_not_eq": ("{cell} must not be {0}.", "{cell} 不能等于 {0}。", "{cell} 不能等於 {0}。"),
    "refused.number_between": (
        "{cell} must be between {0} and {1}.",
        "{cell} 必须在 {0} 与 {1} 之间。",
        "{cell} 必須在 {0} 與 {1} 之間。",
    ),
    "refused.number_not_between": (
        "{cell} must not be between {0} and {1}.",
        "{cell} 不能在 {0} 与 {1} 之间。",
        "{cell} 不能在 {0} 與 {1} 之間。",
    ),
    "refused.text_contains": (
        "{cell} must contain “{0}”.",
        "{cell} 必须包含“{0}”。",
        "{cell} 必須包含「{0}」。",
    ),
    "refused.text_not_contains": (
        "{cell} must not contain “{0}”.",
        "{cell} 不能包含“{0}”。",
        "{cell} 不能包含「{0}」。",
    ),
    "refused.text_eq": ("{cell} must be “{0}”.", "{cell} 必须是“{0}”。", "{cell} 必須是「{0}」。"),
    "refused.text_is_email": (
        "{cell} must be an e-mail address.",
        "{cell} 必须是电子邮件地址。",
        "{cell} 必須是電子郵件地址。",
    ),
    "refused.text_is_url": (
        "{cell} must be a web address.",
        "{cell} 必须是网址。",
        "{cell} 必須是網址。",
    ),
    "refused.other": (
        "{cell} does not hold to the rule of its column ({0}).",
        "{cell} 不符合该列的规则（{0}）。",
        "{cell} 不符合該欄的規則（{0}）。",
    ),
    "undo.nothing": ("There is nothing to undo.", "没有可撤销的操作。", "沒有可復原的操作。"),
    "redo.nothing": ("There is nothing to redo.", "没有可重做的操作。", "沒有可重做的操作。"),
    "undo.cell": (
        "Somebody changed {cell} since; it is left as it is.",
        "其间有人更改了 {cell}，已保留其现状。",
        "其間有人變更了 {cell}，已保留其現狀。",
    ),
    "undo.row": (
        "Somebody wrote in row {cell} since; it is left as it is.",
        "其间有人在第 {cell} 行输入了内容，已保留其现状。",
        "其間有人在第 {cell} 列輸入了內容，已保留其現狀。",
    ),
    "undo.gone": (
        "A row was deleted since; nothing of it could be undone.",
        "其间有一行被删除，无法撤销对它的更改。",
        "其間有一列被刪除，無法復原對它的變更。",
    ),
    "undo.order": (
        "Somebody sorted or moved these rows since; their order is left as it is.",
        "其间有人对这些行排序或移动，已保留当前顺序。",
        "其間有人對這些列排序或移動，已保留目前順序。",
    ),
    "undo.columns": (
        "The columns of this sheet were moved since; this cannot be undone any more.",
        "本工作表的列其间已移动，无法再撤销。",
        "此工作表的欄其間已移動，無法再復原。",
    ),
    "undo.sheet": (
        "The sheet was deleted since; nothing of it could be undone.",
        "该工作表其间已被删除，无法撤销。",
        "該工作表其間已被刪除，無法復原。",
    ),
    "undo.used": (
        "Somebody wrote in sheet “{title}” since; it is left as it is.",
        "其间有人在工作表“{title}”中输入了内容，已保留。",
        "其間有人在工作表「{title}」中輸入了內容，已保留。",
    ),
    "live.late": (
        "Rows or columns were moved meanwhile, so that it is not clear what is meant; please do it again.",
        "其间行或列已移动，无法确定所指位置，请重新操作。",
        "其間列或欄已移動，無法確定所指位置，請重新操作。",
    ),
    "live.read_only": (
        "You may read this spreadsheet, not change it.",
        "您可以查看此电子表格，但不能更改。",
        "您可以檢視此試算表，但不能變更。",
    ),
    "live.deleted": (
        "This spreadsheet was deleted, or you may not open it any more.",
        "此电子表格已被删除，或您不再有权打开。",
        "此試算表已被刪除，或您不再有權開啟。",
    ),
    "live.connecting": ("Connecting …", "正在连接……", "正在連線……"),
    "live.saved": ("All changes are saved.", "所有更改均已保存。", "所有變更均已儲存。"),
    "live.sending": ("Saving {count} …", "正在保存 {count} 项……", "正在儲存 {count} 項……"),
    "live.cut": (
        "Not connected; what you type is kept.",
        "未连接；您输入的内容会保留。",
        "未連線；您輸入的內容會保留。",
    ),
    "live.cut.waiting": (
        "Not connected; {count} changes wait to be sent.",
        "未连接；{count} 项更改等待发送。",
        "未連線；{count} 項變更等待傳送。",
    ),
    "live.readonly": (
        "You may read this spreadsheet, not change it.",
        "您可以查看此电子表格，但不能更改。",
        "您可以檢視此試算表，但不能變更。",
    ),
    "live.impossible": (
        "That cannot be done in this spreadsheet.",
        "此电子表格不支持该操作。",
        "此試算表不支援該操作。",
    ),
    "live.login": (
        "Your session has ended: open this page again in another tab; what you typed is kept here.",
        "您的会话已结束：请在另一个标签页中重新打开本页；您输入的内容保留在此处。",
        "您的工作階段已結束：請在另一個分頁中重新開啟本頁；您輸入的內容保留在此處。",
    ),
    "live.people": ("Who else is here", "其他在线用户", "其他線上使用者"),
    "live.table": ("Table view", "表格视图", "表格檢視"),
    "live.row": ("Open {id} in the desk", "在工作台中打开 {id}", "在工作台中開啟 {id}"),
    "live.link": ("Open {address}", "打开 {address}", "開啟 {address}"),
    "live.open": ("Open the live spreadsheet", "打开实时电子表格", "開啟即時試算表"),
    "goto.person": (
        "{name} is at {cell} of {sheet}",
        "{name} 位于“{sheet}”的 {cell}",
        "{name} 位於「{sheet}」的 {cell}",
    ),
    "problems": ("Not saved: {count}", "未保存：{count}", "未儲存：{count}"),
    "problem.goto": ("Go to the cell", "转到单元格", "前往儲存格"),
    "problem.retry": ("Try again", "重试", "再試一次"),
    "problem.mine": ("Write mine over it", "用我的内容覆盖", "以我的內容覆寫"),
    "problem.discard": ("Discard", "放弃", "捨棄"),
    "token": ("Access token of this server", "本服务器的访问令牌", "此伺服器的存取權杖"),
    "token.go": ("Open", "打开", "開啟"),
    "token.why": (
        "This page is private. Paste the token that the server printed or wrote beside its file.",
        "此页面不公开。请粘贴服务器显示或写在文件旁的令牌。",
        "此頁面不公開。請貼上伺服器顯示或寫在檔案旁的權杖。",
    ),
    "token.wrong": ("That token is not right.", "令牌不正确。", "權杖不正確。"),
    "token.wait": (
        "Too many wrong tokens. Wait a minute, then try again.",
        "错误的令牌次数过多。请等待一分钟后再试。",
        "錯誤的權杖次數過多。請等候一分鐘後再試。",
    ),
    "leave": ("Sign out", "退出登录", "登出"),
    "left": ("You have signed out.", "您已退出登录。", "您已登出。"),
    "forbidden": (
        "You have no access to this spreadsheet. Ask its owner to share it with you.",
        "您无权访问此电子表格。请让其所有者与您共享。",
        "您無權存取此試算表。請要求擁有者與您共用。",
    ),
    "readonly": (
        "You may read this spreadsheet, but not change it.",
        "您可以查看此电子表格，但不能修改。",
        "您可以檢視此試算表，但無法修改。",
    ),
    "missing": (
        "There is no such spreadsheet or sheet here.",
        "这里没有该电子表格或工作表。",
        "這裡沒有該試算表或工作表。",
    ),
}


def say(key: str, language: str, *listed: object, **facts: object) -> str:
    """Return a sentence in a language; what is put into it is not escaped.

    >>> say("saved", "zh-Hans", cell="A1")
    'A1 已保存。'
    """
    return WORDS[key][LANGUAGES.index(language)].format(*listed, **facts)


def language_of(asked: str | None, accepted: str) -> str:
    """Return the page's language: the one asked for, else the browser's, else English.

    >>> language_of(None, "fr, zh-TW;q=0.9, en;q=0.8"), language_of("zh-Hans", "en")
    ('zh-Hant', 'zh-Hans')
    """
    if asked in LANGUAGES:
        return asked
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        name, _, quality = part.strip().partition(";q=")
        try:
            weighed.append((-float(quality or 1), place, name.strip().lower()))
        except ValueError:
            continue
    for _weight, _place, name in sorted(weighed):
        if name.startswith("zh"):
            traditional = any(part in name for part in ("hant", "tw", "hk", "mo"))
            return "zh-Hant" if traditional else "zh-Hans"
        if name.startswith("en"):
            return "en"
    return "en"
