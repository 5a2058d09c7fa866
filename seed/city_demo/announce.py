"""What the operator reads when the city is up: where it is, who can sign in, where it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def announce(api: str, fcm: str, *, logs: Path, accounts: Path) -> None:
    """Prints the addresses, the demo accounts and the places of the logs."""
    lines = {
        "API": f"{api}/graphql",
        "GraphiQL": f"{api}/graphql (in a browser)",
        "WebSocket": f"{api.replace('http', 'ws', 1)}/graphql",
        "Fake push": f"{fcm}/received",
        "Logs": str(logs),
    }
    print("\nThe city is up.")
    for name, value in lines.items():
        print(f"  {name:<10} {value}")
    for line in _accounts(accounts):
        print(line)
    print("Stop with Ctrl-C.", flush=True)


def _accounts(file: Path) -> list[str]:
    """One account of each role, so that the list fits a screen; the file names them all."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    of_each_role: dict[str, dict[str, Any]] = {}
    for account in content["accounts"]:
        of_each_role.setdefault(account["role"], account)
    password = content["staff_password"]
    return [
        f"Accounts, one of each role (all of them: {file}); password of the staff: {password}",
        *(_account(account) for account in of_each_role.values()),
    ]


def _account(account: dict[str, Any]) -> str:
    return (
        f"  {account['role']:<13} {account['phone']}  {account['name_zh']}  {account.get('what_for_en', '')}"
    )
