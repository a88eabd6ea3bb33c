"""`briefing init`: a commented briefing.toml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from briefing.cli.language import bilingual

SOURCES = """# 来源（任选，去掉行首的 # 即启用）；全部选项见 docs/sources.md。试抓：briefing fetch --all
# Sources: take away the # of those you want; every option is in docs/sources.md. Try one: briefing fetch --all
[[sources]]
kind = "folder"             # 放入该目录的文件 files put into this folder
name = "收件目录"
path = "inbox"

# [[sources]]
# kind = "feed"             # RSS 或 Atom
# name = "某市人民政府网"
# url = "https://www.example.gov.cn/rss.xml"
# outlet = "某市人民政府网"

# [[sources]]
# kind = "maildir"          # 邮箱目录
# name = "投稿邮箱"
# path = "Maildir"
"""

DELIVER = """# 送达渠道（任选，去掉行首的 # 即启用）；全部选项见 docs/delivery.md
# Channels: take away the # of those you want. Try one: briefing deliver --test --channel NAME
# [[deliver]]
# kind = "email"
# name = "机关邮件"
# host = "smtp.example.gov.cn"
# user = "briefing@example.gov.cn"
# password_env = "BRIEFING_MAIL_PASSWORD"   # 密码放在环境变量或 password_file 中 never in this file
# sender = "政策简报 <briefing@example.gov.cn>"
# to = ["张三 <zhangsan@example.gov.cn>"]

# [[deliver]]
# kind = "wecom"            # 企业微信群机器人；另有 dingtalk、feishu、webhook、folder、archive
# name = "值班群"
# url_env = "BRIEFING_WECOM_URL"
# notices = true            # 运行不正常时也通知本群 told too when a run goes wrong
"""


@click.command(epilog="例 Example:  briefing init /srv/briefing", short_help="写出 briefing.toml")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), required=False)
def command(folder: Path) -> int:
    """在目录中写出一份带说明的 briefing.toml 与收件目录 inbox/；已有的文件不动。

    Writes a commented briefing.toml and the folder inbox/; a file that is there is never touched.
    """
    from briefing.config import FILE_NAME, default_text, load_config
    from briefing.errors import ConfigError

    path = folder / FILE_NAME
    text = default_text()
    marker = "sources = []\n"
    head, _, tail = text.partition(marker)
    try:
        (folder / "inbox").mkdir(parents=True, exist_ok=True)
        tail = tail.replace("deliver = []\n", "", 1)
        with path.open("x", encoding="utf-8") as file:
            file.write(head + tail.rstrip("\n") + "\n\n" + SOURCES + "\n" + DELIVER)
    except FileExistsError as err:
        raise ConfigError(
            "已有配置文件，未改动；如要重写请先移走",
            "there is one already, left as it is: move it away first",
            source=str(path),
        ) from err
    except OSError as err:
        raise ConfigError(
            f"无法写入（{err.strerror}），请检查路径",
            f"cannot write ({err.strerror}): check path and permissions",
            source=str(path),
        ) from err
    load_config(path, environment={})
    click.echo(str(path))
    click.echo(
        bilingual(
            "接下来：填写 [briefing] 与 [[sources]]，再用 briefing config check、run、schedule",
            "next: fill in [briefing] and [[sources]], then briefing config check, run, schedule",
        ),
        err=True,
    )
    return 0
