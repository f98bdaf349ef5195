#!/usr/bin/env python3
"""The attacks against the real programs: a site's pages, and a hub behind nginx as it is shipped.

usage: live_test.py BUILD-FOLDER NGINX [--twins]
  --twins   instead: with one guard taken away at a time, the attacks must see it
"""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent / "tools/demo_story"), str(HERE)]
import hub_attacks  # noqa: E402
from attack import attack_pages, read_addresses  # noqa: E402
from bring_up import ask_in, let_in, start_hub_and_desk  # noqa: E402
from doors import Door, Findings  # noqa: E402
from page_attacks import Pages  # noqa: E402
from pages import served  # noqa: E402
from world import PASSWORD, ROOT, Site, World, free_port, sync, wait_until  # noqa: E402

NAME = "hub.example.org"
# What Debian's own nginx.conf says of it, without its modules; in the foreground, and with all that it writes in one folder.
AROUND = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fast; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/hub.conf;
}}
"""


def shipped(folder, port, hub_port, planted):
    """The configuration as it is shipped, with what its first lines ask to be changed."""
    text = (ROOT / "config/nginx/throughgate-hub.conf").read_text()
    for old, new in {"listen 443": f"listen 127.0.0.1:{port}", "    listen [::]:443 ssl http2;\n": "",
                     "127.0.0.1:8480": f"127.0.0.1:{hub_port}", "/etc/ssl/throughgate": str(folder), NAME: f"127.0.0.1:{port}",
                     **planted}.items():
        if old not in text:
            sys.exit(f"the shipped configuration no longer says {old!r}")
        text = text.replace(old, new)
    return text.replace(f"server_name 127.0.0.1:{port}", "server_name 127.0.0.1")


@contextlib.contextmanager
def proxied(nginx, folder, world, planted=()):
    """The door of a hub with nginx before it."""
    port = free_port()
    folder.mkdir(mode=0o755)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", f"/CN={NAME}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "hub.key", "-out",
                    folder / "hub.crt"], check=True, capture_output=True)
    (folder / "hub.conf").write_text(shipped(folder, port, world.url.rsplit(":", 1)[1], dict(planted)))
    (folder / "nginx.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + AROUND.format(folder=folder))
    process = subprocess.Popen([nginx, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"],
                               stderr=subprocess.DEVNULL)
    door = Door(f"https://127.0.0.1:{port}", "127.0.0.2", certificate=folder / "hub.crt")

    def answers():
        with contextlib.suppress(OSError):
            return door.connect(1.0).close() is None
        return False

    try:
        if not wait_until(answers) or process.poll() is not None:
            sys.exit("nginx does not start: " + (folder / "error.log").read_text())
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
        door.pids = [world.hub_process.pid, process.pid, *map(int, workers)]
        yield door
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def host_allowed(world, door_host):
    settings = world.settings.read_text()
    own = world.url.removeprefix("http://")
    world.settings.write_text(re.sub(r"\[server\]\n(hosts.*\n)?", f'[server]\nhosts = ["{door_host}", "{own}"]\n', settings))
    world.stop_hub()
    world.serve()


@contextlib.contextmanager
def hub_behind(nginx, world, site, planted=()):
    """The door of the hub, and the site reaching it through that door from an address of its own."""
    folder = world.folder / f"proxy-{len(list(world.folder.glob('proxy-*')))}"
    with proxied(nginx, folder, world, planted) as door:
        host_allowed(world, door.host)
        door.pids[0] = world.hub_process.pid
        (site.data / "node.toml").write_text(f'[hub]\nurl = "https://{door.host}"\ncertificate = "{folder}/hub.crt"\n')
        yield door


def is_served(site):
    def served_now():
        syncing = site.start("sync")
        try:
            return syncing.wait(20) == 0
        except subprocess.TimeoutExpired:
            syncing.kill()
            return False
        finally:
            syncing.wait()
    return served_now


# What is taken out of the configuration, the attack that must see it, and what it must say.
TWINS = {
    "the limit of requests": ({"limit_req  zone": "# limit_req zone"}, hub_attacks.floods, "most are turned away"),
    "the list of addresses": ({"location / { return 404; }": "location / { proxy_pass http://throughgate_hub; proxy_set_header Host 127.0.0.1; }"},
                              lambda door, found, _: hub_attacks.addresses(door, found), "leads nowhere"),
    "whole requests and the limit of connections": (
        {"proxy_request_buffering on": "proxy_request_buffering off", "limit_conn throughgate_connections 20": "# limit_conn"},
        hub_attacks.crowds, "a site is served meanwhile"),
}


def twins(nginx, world, site):
    blind = []
    for what, (planted, attack, must_say) in TWINS.items():
        print(f"twin: without {what}")
        found = Findings()
        with hub_behind(nginx, world, site, planted) as door:
            attack(door, found, is_served(site))
        if not any(must_say in failure for failure in found.failures):
            blind.append(what)
    print(f"{len(TWINS)} twins, not seen: {blind or 'none'}")
    return 1 if blind else 0


def attack_site(site, found):
    addresses = read_addresses(site.run("serve", "--addresses"))
    with served(site, "--sync-every", "0") as port:
        door = Door(f"http://127.0.0.1:{port}")
        door.pids = [int(subprocess.run(["pgrep", "-f", f"serve --port {port}"], capture_output=True, text=True,
                                        check=True).stdout.split()[0])]
        attack_pages(Pages(door, site.sign_in, PASSWORD, addresses), found)


def main():
    build, nginx = pathlib.Path(sys.argv[1]), sys.argv[2]
    found = Findings()
    with tempfile.TemporaryDirectory(prefix="throughgate-attacks-") as name, contextlib.ExitStack() as at_end:
        world = World(pathlib.Path(name), build)
        at_end.callback(world.stop_hub)
        desk = start_hub_and_desk(world)
        site = Site(world, "HMP Leeds", "prison", "Ann Example", "LEI")
        let_in(desk, site, ask_in(desk, site))
        sync(site)
        if "--twins" in sys.argv:
            return twins(nginx, world, site)
        started = time.monotonic()
        with hub_behind(nginx, world, site) as door:
            hub_attacks.all_of_them(door, found, is_served(site))
        attack_site(site, found)
        print(f"{found.tried} attacks tried in {time.monotonic() - started:.0f} s, {len(found.failures)} not withstood")
    return 1 if found.failures else 0


sys.exit(main())
