import type { Env } from '../config.ts';

const english = `Usage: hongyan <command>

  serve                      run the server until it is told to stop (SIGTERM, Ctrl-C)
  apps list                  the apps of this server           [--keys] [--json]
  apps add [id]              a new app; prints its keys once   [--name N] [--client-key K] [--master-key K]
                                                               [--keys-file FILE: writes them there instead] [--json]
  apps set <id> name=value…  change settings; default puts one back; without any, lists them   [--name N] [--json]
  apps remove <id> --yes     remove an app with everything in it
  token <app> <user>         a login token for one user, to try signed logins   [--jwt] [--minutes N]
  config                     the effective configuration, without secrets   [--json]
  doctor                     looks whether everything a server needs is in order
  backup <folder>            a copy of all data into a new folder; the server may go on
  restore <folder>           put such a copy back; the server must not run   [--force: the present data is set aside]
  move                       the data folder's database and files into HONGYAN_DATABASE_URL (and the bucket), and compares
  import leancloud <app>     bring an app in from LeanCloud: --host https://… [--dry-run] [--rescan], or <files of an export…>
                             [--key-file F] [--source-app ID] [--rate N] [--parallel N] [--no-lists] [--create-missing] [--overwrite]
  import verify <app>        compare the source with what is here: --host https://… or <files…>   [--html FILE] [--json FILE]
  import files <app>         the files that messages speak of: --from HOST… [--fetch] [--rewrite https://…]   [--parallel N]
  import report <app>        what could not be taken, one by one   [--json]

Everything is set by environment variables; with none set, the server listens on http://127.0.0.1:8787 and keeps its
data in ./data:
  HONGYAN_HOST, HONGYAN_PORT          where it listens
  HONGYAN_DATA                        data folder
  HONGYAN_APPS                        apps to make sure of: id:clientKey:masterKey, separated by commas
  HONGYAN_PUBLIC_URL                  the address that clients see
  HONGYAN_TLS_CERT, HONGYAN_TLS_KEY   PEM files: serve HTTPS
  HONGYAN_TRUST_PROXY                 addresses of proxies whose X-Forwarded-* headers are believed
  HONGYAN_ADMIN_TOKEN                 token of the operator's API (else in <data>/admin-token)
  HONGYAN_DEMO                        on or off
  HONGYAN_S3_BUCKET and others        uploads on object storage instead of in the data folder (docs/running.md)
  HONGYAN_SMS                         console: codes to phones are written to the log, for trying (else off)
  HONGYAN_LOG_LEVEL                   fatal, error, warn, info, debug, trace, silent`;

const chinese = `用法：hongyan <命令>

  serve                      运行服务器，直到收到停止信号（SIGTERM 或 Ctrl-C）
  apps list                  列出本服务器上的应用            [--keys 显示密钥] [--json]
  apps add [id]              新建应用，密钥只显示这一次      [--name 名称] [--client-key K] [--master-key K]
                                                             [--keys-file 文件：改为写入该文件] [--json]
  apps set <id> 名=值…       修改设置；值为 default 时恢复默认；不带设置则列出全部   [--name 名称] [--json]
  apps remove <id> --yes     删除应用及其全部数据
  token <应用> <用户>        生成一个用户的登录令牌，用于试用签名登录   [--jwt] [--minutes N]
  config                     显示生效的配置（不含密钥）      [--json]
  doctor                     检查服务器所需的一切是否正常
  backup <目录>              把全部数据复制到新目录；服务器可以继续运行
  restore <目录>             恢复备份；服务器必须已停止      [--force：现有数据移到一旁保留]
  move                       把数据目录中的数据库和文件搬到 HONGYAN_DATABASE_URL（及对象存储），并逐行核对
  import leancloud <应用>    从 LeanCloud 导入应用：--host https://… [--dry-run] [--rescan]，或 <导出的文件…>
                             [--key-file F] [--source-app ID] [--rate N] [--parallel N] [--no-lists] [--create-missing] [--overwrite]
  import verify <应用>       比较来源与这里的数据：--host https://… 或 <文件…>   [--html 文件] [--json 文件]
  import files <应用>        消息所指的文件：--from 主机… [--fetch] [--rewrite https://…]   [--parallel N]
  import report <应用>       逐条列出没能导入的内容   [--json]

所有配置都来自环境变量。全部不设置时，服务器监听 http://127.0.0.1:8787，数据保存在 ./data：
  HONGYAN_HOST、HONGYAN_PORT          监听地址与端口
  HONGYAN_DATA                        数据目录
  HONGYAN_APPS                        启动时确保存在的应用：id:clientKey:masterKey，以逗号分隔
  HONGYAN_PUBLIC_URL                  客户端看到的地址
  HONGYAN_TLS_CERT、HONGYAN_TLS_KEY   PEM 文件：启用 HTTPS
  HONGYAN_TRUST_PROXY                 可信代理的地址，只采信它们的 X-Forwarded-* 头
  HONGYAN_ADMIN_TOKEN                 运维接口的令牌（不设置则保存在 <数据目录>/admin-token）
  HONGYAN_DEMO                        on 或 off
  HONGYAN_S3_BUCKET 等                把上传的文件存到对象存储，而不是数据目录（见 docs/running.zh-CN.md）
  HONGYAN_SMS                         console：短信验证码写入日志，仅供试用（默认 off）
  HONGYAN_LOG_LEVEL                   fatal、error、warn、info、debug、trace、silent`;

/** In the language of the terminal, by the usual variables in their usual order. */
export function help(env: Env): string {
  const language = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh/i.test(language) ? chinese : english;
}
