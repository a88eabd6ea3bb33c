"""`briefing models`: larger models of the user's own, registered, checked and fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import common
from briefing.cli.language import bilingual

if TYPE_CHECKING:
    from briefing.model_cards import Card, Entry


@click.group(
    epilog="例 Example:  briefing models add ~/models/Qwen2.5-1.5B-Instruct --name qwen",
    short_help="自备模型",
)
def command() -> None:
    """管理自备的大模型：登记、核对、下载。默认的摘要引擎随程序附带，不需要它们。

    Larger models of your own: register, verify, fetch. The engine that ships needs none. Registered models are
    used with --model NAME; their list is in $BRIEFING_MODELS or ~/.local/share/briefing/models.
    """


@command.command("list", short_help="列出")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_models(as_json: bool) -> None:
    """列出已登记的模型与目录中的公开模型。Lists registered models and the known public ones."""
    from briefing import model_cards

    home = model_cards.models_home()
    cards, catalogue = model_cards.registered(home), model_cards.load_catalogue()
    if as_json:
        common.print_json({"home": str(home), "registered": list(cards.values()), "catalogue": catalogue})
        return
    click.echo(bilingual(f"已登记（{home}）", f"registered ({home})"))
    for card in cards.values():
        click.echo(f"  {card.name}  {card.loader}  {card.revision}  {card.folder}")
    if not cards:
        click.echo("  " + bilingual("（无）", "(none)"))
    click.echo(bilingual("目录中的公开模型", "known public models"))
    for name, entry in catalogue.items():
        tuned = "" if entry.tuned else bilingual("，须微调", ", base model")
        click.echo(f"  {name}  {entry.parameters_millions}M  {entry.licence}{tuned}")


@command.command("show", short_help="说明")
@click.argument("name")
def show_model(name: str) -> None:
    """说明一个模型：许可证、大小、语言、输入上限、已知问题。Says what is known of one model."""
    from briefing import model_cards

    home = model_cards.models_home()
    card = model_cards.registered(home).get(name)
    entry = model_cards.load_catalogue().get(card.entry if card else name)
    if card is None and entry is None:
        card = model_cards.find_model(name, home)
    if card:
        _show_card(card)
    if entry:
        _show_entry(entry)


def _show_card(card: Card) -> None:
    click.echo(f"{card.name}@{card.revision}")
    rows = [
        ("文件夹 folder", card.folder),
        ("引擎 engine", card.loader),
        ("分词 tokenizer", card.tokenizer),
        ("输入上限 input", f"{card.max_input_tokens} tokens"),
        ("文件 files", str(len(card.files)) if card.files else bilingual("未登记", "not registered")),
    ]
    for label, value in rows:
        click.echo(f"  {label}: {value}")


def _show_entry(entry: Entry) -> None:
    rows = [
        ("来源 repository", f"https://huggingface.co/{entry.repo}"),
        ("许可证 licence", entry.licence),
        (
            "可商用 commercial use",
            bilingual("是", "yes") if entry.commercial else bilingual("否或不明", "no or unclear"),
        ),
        ("参数 parameters", f"{entry.parameters_millions} M"),
        ("语言 languages", ", ".join(entry.languages)),
        ("输入上限 input", f"{entry.max_input_tokens} tokens"),
        ("引擎 engine", entry.loader),
        (
            "已学过摘要 tuned to summarise",
            bilingual("是", "yes") if entry.tuned else bilingual("否，须微调", "no: fine-tune it first"),
        ),
    ]
    for label, value in rows:
        click.echo(f"  {label}: {value}")
    for zh, en in entry.traps:
        click.echo("  ！" + bilingual(zh, en))


@command.command("add", short_help="登记")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="登记名，默认文件夹名。Name to register it under.")
@click.option(
    "--entry", default="", metavar="NAME", help="它是目录中的哪一个。Which one of the catalogue it is."
)
def add(folder: Path, name: str, entry: str) -> None:
    """登记本机的模型文件夹，并记下每个文件的散列。Registers a local folder with the hash of every file."""
    from briefing import model_cards

    card = model_cards.add_model(folder, model_cards.models_home(), name=name, entry_name=entry)
    click.echo(bilingual(f"已登记 {card.name}@{card.revision}", f"registered {card.name}@{card.revision}"))
    _show_card(card)


@command.command("verify", short_help="核对")
@click.argument("names", nargs=-1, metavar="[NAME...]")
def verify(names: tuple[str, ...]) -> int:
    """逐个文件核对散列，默认全部。Checks every file against its hash; all models by default."""
    from briefing import model_cards
    from briefing.errors import ConfigError

    cards = model_cards.registered(model_cards.models_home())
    unknown = [n for n in names if n not in cards]
    if unknown:
        raise ConfigError(
            f"没有登记模型 {'、'.join(unknown)}；已登记：{'、'.join(cards) or '（无）'}",
            f"not registered: {', '.join(unknown)}; registered: {', '.join(cards) or '(none)'}",
            source="models verify",
        )
    failed = False
    for name in names or cards:
        problems = model_cards.verify_model(cards[name])
        failed = failed or bool(problems)
        good = bilingual("完好", "intact")
        click.echo(f"{name}@{cards[name].revision}  {bilingual('有问题', 'not intact') if problems else good}")
        for problem in problems:
            click.echo(f"  {problem.file}: {bilingual(problem.zh, problem.en)}")
    return 1 if failed else 0


@command.command("fetch", short_help="下载")
@click.argument("name")
@click.option("--allow-download", is_flag=True, help="同意联网下载；不加则只说明。Go on the network.")
@click.option("--revision", default="main", show_default=True, help="版本。Branch, tag or commit.")
def fetch(name: str, allow_download: bool, revision: str) -> int:
    """下载公开模型并登记：可续传，逐文件核对散列。只有加 --allow-download 才会联网。

    Downloads a public model and registers it. Never goes on the network without --allow-download.
    """
    from briefing import model_cards, model_download

    if not allow_download:
        entry: Any = model_cards.load_catalogue().get(name)
        if entry:
            _show_entry(entry)
        click.echo(
            bilingual(
                "没有联网。确认许可证后加 --allow-download 下载，或用 briefing models add 登记已有的文件夹",
                "nothing fetched. Read the licence, then add --allow-download, or register a folder that you "
                "have with briefing models add",
            ),
            err=True,
        )
        return 2
    home = model_cards.models_home()
    card = model_download.fetch_model(name, home, revision=revision, tell=_tell)
    _show_card(card)
    return 0


def _tell(zh: str, en: str) -> None:
    click.echo(bilingual(zh, en), err=True)
