"""Every word is there in three languages, and each in its own script."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest

from sheets_schema import words
from sheets_schema.words import LANGUAGES, Message, catalogue, say, topics
from sheets_schema.workbook import tables

SIMPLIFIED = (
    "这为时间开关门问见观规视觉语说话请谁让设证识译试该详诉询词话误读课谈谢议计订认讨训记许论评诊"
    "东车轮软转轻载输辑边达过运还进远连选适逻邮钟钱铁链错锁键长闭闻阅队阶际陆险随隐难页项顺须预领"
    "频题额颜风飞马验鱼鸟黄龙齿龟备复处务动劳势区医华协单卖卢卫却厂历压厅县参双发变号叶听员响团"
    "园围图圆圣场块坚坏声壳壶够头夺奋奖妇妈娱学宁实宝审宽对导层属岁岗币师帐带帮并广庆库应废异张"
    "弹强归录当忆态怀总恶惊惧惯愿战户扩扫扬执扰护报担拟择挂损换据摆数敌断旧显术机杀杂权条来极构"
    "标样检档桥梦欢欧汇决没况济测浏润涨渐湿满滚热爱状独环现电画疗监盖盘离种积称稳穷竞笔签简类粮"
    "级纪约纯线组细终结给络绝统继续维综网绿编缓缩罚罗职联聘肃脑节范荐获营虑虽补装见触誉认"
)
TRADITIONAL = (
    "這為時間開關門問見觀規視覺語說話請誰讓設證識譯試該詳訴詢詞誤讀課談謝議計訂認討訓記許論評診"
    "東車輪軟轉輕載輸輯邊達過運還進遠連選適邏郵鐘錢鐵鏈錯鎖鍵長閉聞閱隊階際陸險隨隱難頁項順須預領"
    "頻題額顏風飛馬驗魚鳥齒龜備處務動勞勢區醫華協單賣衛廠歷壓廳縣參雙發變號葉聽員響團園圍圖圓聖"
    "場塊堅壞聲殼壺夠頭奪奮獎婦媽學寧實寶審寬對導層屬歲崗幣師帳帶幫廣慶庫應廢異張彈歸錄當憶態懷"
    "總惡驚懼慣願戰擴掃揚執擾護報擔擬擇掛損換據擺數敵斷舊顯術機殺雜權條來極構標樣檢檔橋夢歡匯決"
    "沒況濟測瀏潤漲漸濕滿滾熱愛狀獨環現電畫療監蓋盤離種積稱穩窮競筆簽簡類糧級紀約純線組細終結給"
    "絡絕統繼續維綜網綠編緩縮罰羅職聯肅腦節範薦獲營慮雖補裝觸譽"
)


def _shown() -> list[tuple[str, dict[str, str]]]:
    """Return every text that is shown, under a name: catalogues, labels, choices, hints."""
    shown = list(catalogue().items())
    for table in tables().values():
        shown.append((table.name, {**table.labels, **table.why}))
        for field in table.fields:
            name = f"{table.name}.{field.name}"
            shown += [(name, dict(field.labels)), (f"{name} why", dict(field.why))]
            shown += [(f"{name} hint", dict(field.hint))]
            shown += [(f"{name} {code}", dict(each)) for code, each in field.choices.items()]
    return shown


def _placeholders(sentence: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_every_entry_is_there_in_every_language() -> None:
    """A page half in English is a page not translated."""
    wanting = {
        key: sorted(set(LANGUAGES) ^ set(entry))
        for key, entry in catalogue().items()
        if set(entry) != set(LANGUAGES) or not all(entry.values())
    }

    assert wanting == {}


def test_every_translation_has_the_same_placeholders() -> None:
    """A fact that one language leaves out is a fact that its readers do not get."""
    unlike = [
        key
        for key, entry in catalogue().items()
        if len({frozenset(_placeholders(sentence)) for sentence in entry.values()}) > 1
    ]

    assert unlike == []


def test_no_key_is_in_two_places() -> None:
    """The second would be silently ignored; yaml itself lets one repeat within a file."""
    lines = [
        match.group(1)
        for topic in topics()
        for line in (Path(words.__file__).parent / f"{topic}.yaml").read_text("utf-8").splitlines()
        if (match := re.match(r"([a-z0-9_.-]+):", line))
    ]

    assert [key for key, count in Counter(lines).items() if count > 1] == []


@pytest.mark.parametrize(("language", "foreign"), [("zh-Hans", TRADITIONAL), ("zh-Hant", SIMPLIFIED)])
def test_each_script_is_its_own(language: str, foreign: str) -> None:
    """Real Traditional characters, and no Simplified one among them; nor the other way round."""
    own = {"zh-Hans": SIMPLIFIED, "zh-Hant": TRADITIONAL}[language]
    strange = set(foreign) - set(own)
    mixed = {
        name: sorted(strange & set(entry.get(language, "")))
        for name, entry in _shown()
        if strange & set(entry.get(language, ""))
    }

    assert mixed == {}


def test_chinese_is_not_english() -> None:
    """A sentence without a Chinese character was not translated; bare names and codes may be."""
    english = [
        key
        for key, entry in catalogue().items()
        if len(entry["en"].split()) > 3 and not re.search(r"[\u4e00-\u9fff]", entry["zh-Hans"])
    ]

    assert english == []


def test_facts_are_put_in_their_places() -> None:
    """Whatever they are called, even `key` and `language`."""
    message = Message("language.must.exist", {"key": "id", "table": "teams"})

    assert message.text() == "it must be the id of a row in 'teams'"
    assert str(message) == message.text("en")


def test_a_fact_may_be_a_message_or_a_label() -> None:
    """It is said in the language of the sentence around it."""
    facts = {"field": {"en": "Priority", "zh-Hans": "优先级"}, "found": "x"}

    assert say("error.cell", "zh-Hans", **facts, must=Message("language.must.filled")) == (
        "优先级的内容是“x”；必填。"
    )


def test_an_unknown_key_is_a_bug_and_says_so() -> None:
    """A page must not show a key as if it were a sentence."""
    with pytest.raises(KeyError):
        say("nothing.of.the.kind")


def test_an_unknown_language_is_answered_in_english() -> None:
    """A browser may ask for any."""
    assert say("common.save", "fr") == "Save"


def test_every_catalogue_is_flat() -> None:
    """A key leads to a sentence in each language, and to nothing else."""
    for key, entry in catalogue().items():
        assert isinstance(key, str)
        assert all(isinstance(sentence, str) for sentence in entry.values()), key
