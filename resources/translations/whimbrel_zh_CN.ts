<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Whimbrel</source>
        <translation>关于 Whimbrel</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>A calm, loss-free messenger for XMPP.</source>
        <translation>安静、不丢消息的 XMPP 即时通讯软件。</translation>
    </message>
    <message>
        <source>Free software: GNU AGPL, version 3 or later.</source>
        <translation>自由软件：GNU AGPL 第 3 版或更高版本。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>AcceptWeakerDialog</name>
    <message>
        <source>Accept a weaker sign-in?</source>
        <translation>接受较弱的登录方式？</translation>
    </message>
    <message>
        <source>{provider} offered {mechanism} before; less than that protects your password less. Providers rarely give it up, but somebody on the way who is after your password would make it look so. Accept it only if you run this server, or its owner told you of the change. What is offered then counts from then on.</source>
        <translation>{provider} 以前提供 {mechanism}；比它弱的方式对密码的保护也更弱。服务商很少会放弃它，但想窃取你密码的人可能会在中途制造这种假象。只有当这台服务器由你运营，或其所有者告诉过你这一变更时，才应接受。此后以届时提供的方式为准。</translation>
    </message>
    <message>
        <source>Accept weaker sign-in</source>
        <translation>接受较弱的登录方式</translation>
    </message>
</context>
<context>
    <name>AccountTrouble</name>
    <message>
        <source>Show the certificate…</source>
        <translation>显示证书…</translation>
    </message>
    <message>
        <source>Accept weaker sign-in…</source>
        <translation>接受较弱的登录方式…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>AccountsDialog</name>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>address, connection, online, offline</source>
        <translation>地址、连接、在线、离线</translation>
    </message>
    <message>
        <source>sign in, register, create</source>
        <translation>登录、注册、创建</translation>
    </message>
    <message>
        <source>change, port, connection, encryption</source>
        <translation>更改、端口、连接、加密</translation>
    </message>
    <message>
        <source>log in</source>
        <translation>登入</translation>
    </message>
    <message>
        <source>delete, sign out, log out</source>
        <translation>删除、退出登录、注销</translation>
    </message>
</context>
<context>
    <name>AccountsPanel</name>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Password…</source>
        <translation>密码…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Add account…</source>
        <translation>添加账号…</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Create an account…</source>
        <translation>注册账号…</translation>
    </message>
    <message>
        <source>There is no account yet.</source>
        <translation>还没有账号。</translation>
    </message>
</context>
<context>
    <name>AddContactDialog</name>
    <message>
        <source>Add contact</source>
        <translation>添加联系人</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>选填</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>附言</translation>
    </message>
    <message>
        <source>Says who you are. Optional</source>
        <translation>说明你是谁，选填</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>AddedNote</name>
    <message>
        <source>Close notice</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>A link added to your draft</source>
        <translation>链接中的文字已添加到你的草稿</translation>
    </message>
</context>
<context>
    <name>Advanced</name>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全性</translation>
    </message>
    <message>
        <source>Resource</source>
        <translation>资源</translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>chosen by itself</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>A number from 1 to 65535, or empty.</source>
        <translation>请输入 1 到 65535 之间的数字，或留空。</translation>
    </message>
    <message>
        <source>This is not a host name. Leave it empty to have it found.</source>
        <translation>这不是主机名。留空即可自动查找。</translation>
    </message>
    <message>
        <source>This cannot be a resource. Leave it empty to have one chosen.</source>
        <translation>这不能用作资源。留空即可自动选择。</translation>
    </message>
</context>
<context>
    <name>AdvancedPage</name>
    <message>
        <source>XML console</source>
        <translation>XML 控制台</translation>
    </message>
    <message>
        <source>See what an account says to its provider and hears from it, and say something by hand.</source>
        <translation>查看账号与服务商之间往来的内容，也可以手动发送。</translation>
    </message>
    <message>
        <source>Open the XML console</source>
        <translation>打开 XML 控制台</translation>
    </message>
    <message>
        <source>stanzas, stream, debug</source>
        <translation>节、流、调试</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Log in detail</source>
        <translation>记录详细日志</translation>
    </message>
    <message>
        <source>debug, verbose, troubleshooting</source>
        <translation>调试、详细、排查问题</translation>
    </message>
    <message>
        <source>The log stays on this computer. It holds no messages and no passwords, and of addresses the provider alone.</source>
        <translation>日志只保存在这台电脑上。其中没有消息和密码，地址也只保留服务商部分。</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>files, directory</source>
        <translation>文件、目录</translation>
    </message>
    <message>
        <source>Log XML to a file…</source>
        <translation>将 XML 记录到文件…</translation>
    </message>
    <message>
        <source>stanzas, stream</source>
        <translation>节、流</translation>
    </message>
    <message>
        <source>When something is wrong</source>
        <translation>出现问题时</translation>
    </message>
    <message>
        <source>Report a problem…</source>
        <translation>报告问题…</translation>
    </message>
    <message>
        <source>bug, crash, support</source>
        <translation>错误、崩溃、支持</translation>
    </message>
    <message>
        <source>The file cannot be written there. Choose another folder or another name.</source>
        <translation>无法在该位置写入文件。请选择其他文件夹或文件名。</translation>
    </message>
    <message>
        <source>Log XML to a file</source>
        <translation>将 XML 记录到文件</translation>
    </message>
    <message>
        <source>Stop logging XML</source>
        <translation>停止记录 XML</translation>
    </message>
    <message>
        <source>Until Whimbrel ends. The file holds addresses, but no messages and no passwords.</source>
        <translation>直到 Whimbrel 退出。文件中包含地址，但没有消息和密码。</translation>
    </message>
    <message>
        <source>XML is logged to {file}.</source>
        <translation>XML 正记录到 {file}。</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>colours, night, black, white</source>
        <translation>颜色、夜间、黑色、白色</translation>
    </message>
    <message>
        <source>zoom, font, large, small, scale</source>
        <translation>缩放、字体、大、小、比例</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Row spacing</source>
        <translation>行距</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>宽松</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>紧凑</translation>
    </message>
    <message>
        <source>density, height, dense, tight</source>
        <translation>密度、高度、密集</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Style *strong*, _emphasised_ and `code`</source>
        <translation>按格式显示 *粗体*、_斜体_ 和 `代码`</translation>
    </message>
    <message>
        <source>bold, italic, format</source>
        <translation>粗体、斜体、格式</translation>
    </message>
    <message>
        <source>Check spelling as I write</source>
        <translation>输入时检查拼写</translation>
    </message>
    <message>
        <source>dictionary, typing errors</source>
        <translation>词典、拼写错误</translation>
    </message>
</context>
<context>
    <name>AttachmentStrip</name>
    <message>
        <source>Files to send</source>
        <translation>要发送的文件</translation>
    </message>
    <message>
        <source>Make large pictures smaller</source>
        <translation>缩小大图片</translation>
    </message>
    <message>
        <source>At most 2048 pixels wide and high</source>
        <translation>宽和高最多 2048 像素</translation>
    </message>
</context>
<context>
    <name>Attention</name>
    <message>
        <source>Ask for attention</source>
        <translation>戳一戳</translation>
    </message>
</context>
<context>
    <name>BlockedList</name>
    <message>
        <source>Blocked addresses</source>
        <translation>已屏蔽的地址</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>取消屏蔽</translation>
    </message>
    <message>
        <source>%1 (by %2)</source>
        <translation>%1（由 %2 屏蔽）</translation>
    </message>
    <message>
        <source>Nobody is blocked.</source>
        <translation>没有屏蔽任何人。</translation>
    </message>
    <message>
        <source>Your provider is not known to block anybody.</source>
        <translation>尚不清楚你的服务商是否支持屏蔽。</translation>
    </message>
</context>
<context>
    <name>BusyDialog</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Show the certificate…</source>
        <translation>显示证书…</translation>
    </message>
</context>
<context>
    <name>CertificateCard</name>
    <message>
        <source>Subject</source>
        <translation>主体</translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation>颁发者</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>{from} to {until}</source>
        <translation>{from} 至 {until}</translation>
    </message>
    <message>
        <source>{dates} (expired)</source>
        <translation>{dates}（已过期）</translation>
    </message>
    <message>
        <source>{dates} (not yet)</source>
        <translation>{dates}（尚未生效）</translation>
    </message>
</context>
<context>
    <name>CertificateDialog</name>
    <message>
        <source>Certificate of {provider}</source>
        <translation>{provider} 的证书</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>What the server shows could not be fetched. Try again in a moment.</source>
        <translation>无法获取服务器出示的证书。请稍后重试。</translation>
    </message>
    <message>
        <source>What the server shows</source>
        <translation>服务器出示的证书</translation>
    </message>
    <message>
        <source>The provider&apos;s own certificate</source>
        <translation>服务商的证书</translation>
    </message>
    <message>
        <source>An issuer&apos;s certificate</source>
        <translation>颁发者的证书</translation>
    </message>
</context>
<context>
    <name>ChatMenu</name>
    <message>
        <source>Open conversation</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Open in new window</source>
        <translation>在新窗口中打开</translation>
    </message>
    <message>
        <source>Export conversation…</source>
        <translation>导出会话…</translation>
    </message>
    <message>
        <source>Delete conversation…</source>
        <translation>删除会话…</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>标为已读</translation>
    </message>
    <message>
        <source>Mark as unread</source>
        <translation>标为未读</translation>
    </message>
    <message>
        <source>Unarchive</source>
        <translation>取消归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>For 1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>For 8 hours</source>
        <translation>8 小时</translation>
    </message>
    <message>
        <source>Until tomorrow</source>
        <translation>到明天</translation>
    </message>
    <message>
        <source>Until I turn it on again</source>
        <translation>直到我取消</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消免打扰</translation>
    </message>
    <message>
        <source>Unmute (muted until {time})</source>
        <translation>取消免打扰（持续到 {time}）</translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message>
        <source>Archived</source>
        <translation>已归档</translation>
    </message>
    <message>
        <source>unfolded</source>
        <translation>已展开</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>已折叠</translation>
    </message>
    <message>
        <source>Draft:</source>
        <translation>草稿：</translation>
    </message>
    <message>
        <source>You: {text}</source>
        <translation>我：{text}</translation>
    </message>
    <message>
        <source>marked as unread</source>
        <translation>已标为未读</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>Muted until {time}</source>
        <translation>免打扰至 {time}</translation>
    </message>
</context>
<context>
    <name>ChatsList</name>
    <message>
        <source>Chats</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>No chat found</source>
        <translation>没有找到会话</translation>
    </message>
    <message>
        <source>No chats yet.
{keys} starts one.</source>
        <translation>还没有会话。
按 {keys} 开始。</translation>
    </message>
    <message>
        <source>No chats yet.</source>
        <translation>还没有会话。</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Filters</source>
        <translation>筛选条件</translation>
    </message>
    <message>
        <source>From…</source>
        <translation>发送者…</translation>
    </message>
    <message>
        <source>In…</source>
        <translation>会话…</translation>
    </message>
    <message>
        <source>Has a file</source>
        <translation>含文件</translation>
    </message>
    <message>
        <source>Has a link</source>
        <translation>含链接</translation>
    </message>
    <message>
        <source>Before…</source>
        <translation>早于…</translation>
    </message>
    <message>
        <source>After…</source>
        <translation>晚于…</translation>
    </message>
    <message>
        <source>Remove filter %1</source>
        <translation>移除筛选条件 %1</translation>
    </message>
</context>
<context>
    <name>CloseDialog</name>
    <message>
        <source>Keep Whimbrel running?</source>
        <translation>让 Whimbrel 继续运行吗？</translation>
    </message>
    <message>
        <source>Messages keep arriving, and the icon in the tray brings the window back. You can change this in Settings.</source>
        <translation>这样可以继续接收消息，点击托盘图标即可重新打开窗口。你可以在“设置”中更改。</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>This is too long for one message. Send it in smaller parts.</source>
        <translation>内容太长，一条消息放不下。请分几条发送。</translation>
    </message>
    <message>
        <source>That is too long for one message, so it was not pasted. Paste it in smaller parts.</source>
        <translation>内容太长，一条消息放不下，因此没有粘贴。请分几次粘贴。</translation>
    </message>
</context>
<context>
    <name>Connection</name>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Signed in elsewhere with the same name</source>
        <translation>已用相同名称在别处登录</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>正在重新连接…</translation>
    </message>
    <message>
        <source>Provider is restarting</source>
        <translation>服务商正在重启</translation>
    </message>
    <message>
        <source>Provider is restarting, retry in {seconds} s</source>
        <translation>服务商正在重启，{seconds} 秒后重试</translation>
    </message>
    <message>
        <source>Waiting for network</source>
        <translation>正在等待网络</translation>
    </message>
    <message>
        <source>Waiting for network, retry in {seconds} s</source>
        <translation>正在等待网络，{seconds} 秒后重试</translation>
    </message>
    <message>
        <source>Waiting to reconnect</source>
        <translation>等待重新连接</translation>
    </message>
    <message>
        <source>Waiting, retry in {seconds} s</source>
        <translation>等待中，{seconds} 秒后重试</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
</context>
<context>
    <name>ConsoleWindow</name>
    <message>
        <source>XML console</source>
        <translation>XML 控制台</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Stanza</source>
        <translation>节</translation>
    </message>
    <message>
        <source>Stanza to send</source>
        <translation>要发送的节</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Presence</source>
        <translation>在线状态</translation>
    </message>
    <message>
        <source>Questions (iq)</source>
        <translation>查询（iq）</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Stanzas</source>
        <translation>节</translation>
    </message>
    <message>
        <source>Write a stanza first.</source>
        <translation>请先写一个节。</translation>
    </message>
    <message>
        <source>This is too long for a stanza.</source>
        <translation>这个节太长了。</translation>
    </message>
    <message>
        <source>This is not well-formed XML. Look for a tag that is not closed.</source>
        <translation>XML 格式不正确。请检查是否有未闭合的标签。</translation>
    </message>
    <message>
        <source>Write one stanza, and nothing beside it.</source>
        <translation>只写一个节，不要写其他内容。</translation>
    </message>
    <message>
        <source>A stanza is a message, a presence or an iq.</source>
        <translation>节只能是 message、presence 或 iq。</translation>
    </message>
    <message>
        <source>An iq needs a type: get, set, result or error.</source>
        <translation>iq 需要类型：get、set、result 或 error。</translation>
    </message>
    <message>
        <source>An iq that asks for something has exactly one element inside.</source>
        <translation>用于查询的 iq 中必须恰好有一个元素。</translation>
    </message>
</context>
<context>
    <name>ContactActions</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Rename contact</source>
        <translation>重命名联系人</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Rename group</source>
        <translation>重命名分组</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>新建分组</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>操作未成功</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ContactMenus</name>
    <message>
        <source>Contact</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Open conversation</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Open in new window</source>
        <translation>在新窗口中打开</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Groups…</source>
        <translation>分组…</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>取消屏蔽</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Request presence</source>
        <translation>请求查看在线状态</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Rename group…</source>
        <translation>重命名分组…</translation>
    </message>
    <message>
        <source>Dissolve group</source>
        <translation>解散分组</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Move to group</source>
        <translation>移动到分组</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>新建分组…</translation>
    </message>
</context>
<context>
    <name>Contacts</name>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Friends, Work</source>
        <translation>朋友，同事</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Leave out the slash and what follows: it names only one device.</source>
        <translation>请去掉斜杠及其后的内容：它只代表某一台设备。</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Mutual: you see each other</source>
        <translation>双向：彼此都能看到在线状态</translation>
    </message>
    <message>
        <source>You see them, they don’t see you</source>
        <translation>你能看到对方的在线状态，对方看不到你的</translation>
    </message>
    <message>
        <source>Waiting for approval</source>
        <translation>等待对方同意</translation>
    </message>
    <message>
        <source>Removed you from their contacts</source>
        <translation>对方已将你从联系人中移除</translation>
    </message>
    <message>
        <source>Sees you, you don’t see them</source>
        <translation>对方能看到你的在线状态，你看不到对方的</translation>
    </message>
    <message>
        <source>You don’t see each other</source>
        <translation>彼此都看不到在线状态</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>已屏蔽</translation>
    </message>
    <message>
        <source>Presence unknown</source>
        <translation>在线状态未知</translation>
    </message>
</context>
<context>
    <name>ContactsModel</name>
    <message>
        <source>{online} of {total}</source>
        <translation>{online}/{total}</translation>
    </message>
</context>
<context>
    <name>ContactsTree</name>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>新建分组</translation>
    </message>
</context>
<context>
    <name>ConversationArea</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Choose a chat</source>
        <translation>选择一个会话</translation>
    </message>
    <message>
        <source>{keys} finds chats, contacts and any address.</source>
        <translation>按 {keys} 可查找会话、联系人和任意地址。</translation>
    </message>
</context>
<context>
    <name>ConversationHeader</name>
    <message>
        <source>Search in this conversation</source>
        <translation>在此会话中搜索</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Open in new window</source>
        <translation>在新窗口中打开</translation>
    </message>
    <message>
        <source>Contact details…</source>
        <translation>联系人详细信息…</translation>
    </message>
    <message>
        <source>Go to date…</source>
        <translation>跳转到日期…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ConversationPane</name>
    <message>
        <source>Add contact…</source>
        <translation>添加联系人…</translation>
    </message>
    <message>
        <source>Not in your contacts</source>
        <translation>不在你的联系人中</translation>
    </message>
    <message>
        <source>Updating…</source>
        <translation>正在更新…</translation>
    </message>
</context>
<context>
    <name>Counts</name>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n 条未读</numerusform>
        </translation>
    </message>
    <message>
        <source>1 new message</source>
        <translation>1 条新消息</translation>
    </message>
    <message numerus="yes">
        <source>%n new messages</source>
        <translation>
            <numerusform>%n 条新消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong in Whimbrel</source>
        <translation>Whimbrel 出现问题</translation>
    </message>
    <message>
        <source>Whimbrel could not start. What you wrote is safe.</source>
        <translation>Whimbrel 无法启动。你写的内容没有丢失。</translation>
    </message>
    <message>
        <source>It goes on, and what you wrote is safe. Restart it if anything looks odd.</source>
        <translation>程序会继续运行，你写的内容没有丢失。如有异常，请重新启动。</translation>
    </message>
    <message>
        <source>This text holds no messages, no addresses and no passwords.</source>
        <translation>这段文字不包含消息、地址和密码。</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Report a problem…</source>
        <translation>报告问题…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>and 1 other</source>
        <translation>以及另外 1 个</translation>
    </message>
    <message numerus="yes">
        <source>and %n others</source>
        <translation>
            <numerusform>以及另外 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CreateAccountDialog</name>
    <message>
        <source>Create an account</source>
        <translation>注册账号</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>A provider keeps your account and carries your messages. Any will do: you can chat with everybody.</source>
        <translation>服务商保管你的账号并传递你的消息。选哪一家都可以：你能和所有人聊天。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Create account</source>
        <translation>注册账号</translation>
    </message>
    <message>
        <source>The account {address} was created, but signing in did not work yet.</source>
        <translation>账号 {address} 已注册，但尚未登录成功。</translation>
    </message>
    <message>
        <source>Choose one, or type its address</source>
        <translation>选择一家，或输入其地址</translation>
    </message>
    <message>
        <source>Create an account at {domain}</source>
        <translation>在 {domain} 注册账号</translation>
    </message>
    <message>
        <source>Choose a provider, or type its address.</source>
        <translation>请选择服务商，或输入其地址。</translation>
    </message>
    <message>
        <source>This is not a provider’s address. It looks like example.org.</source>
        <translation>这不是服务商的地址。地址的形式如 example.org。</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
</context>
<context>
    <name>CropDialog</name>
    <message>
        <source>Crop picture</source>
        <translation>裁剪图片</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use picture</source>
        <translation>使用图片</translation>
    </message>
</context>
<context>
    <name>CropView</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Arrow keys move the picture, plus and minus zoom</source>
        <translation>用方向键移动图片，用加号和减号缩放</translation>
    </message>
</context>
<context>
    <name>DayDialog</name>
    <message>
        <source>Messages before this day</source>
        <translation>此日之前的消息</translation>
    </message>
    <message>
        <source>Messages after this day</source>
        <translation>此日之后的消息</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
</context>
<context>
    <name>Days</name>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day} {time}</translation>
    </message>
</context>
<context>
    <name>DeleteAllDialog</name>
    <message>
        <source>Delete all history</source>
        <translation>删除所有聊天记录</translation>
    </message>
    <message>
        <source>All conversations, the copies of their files and what you have begun to write leave this computer for good. Your accounts and contacts stay.</source>
        <translation>所有会话、其中文件的副本以及你尚未写完的内容都将从这台电脑上永久删除。账号和联系人会保留。</translation>
    </message>
    <message numerus="yes">
        <source>Delete all conversations with their %Ln messages?</source>
        <translation>
            <numerusform>删除所有会话及其中的 %Ln 条消息？</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete all conversations with their only message?</source>
        <translation>删除所有会话及其中唯一的一条消息？</translation>
    </message>
    <message>
        <source>There are no messages.</source>
        <translation>没有消息。</translation>
    </message>
</context>
<context>
    <name>DeleteConversationDialog</name>
    <message>
        <source>Delete conversation</source>
        <translation>删除会话</translation>
    </message>
    <message numerus="yes">
        <source>Delete the conversation with %1 and its %Ln messages?</source>
        <translation>
            <numerusform>删除与 %1 的会话及其中的 %Ln 条消息？</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete the conversation with %1 and its only message?</source>
        <translation>删除与 %1 的会话及其中唯一的一条消息？</translation>
    </message>
    <message>
        <source>Delete the empty conversation with %1?</source>
        <translation>删除与 %1 的空会话？</translation>
    </message>
    <message>
        <source>The messages, the copies of their files and what you have begun to write leave this computer.</source>
        <translation>消息、消息中文件的副本以及你尚未写完的内容将从这台电脑上删除。</translation>
    </message>
</context>
<context>
    <name>DeleteDialog</name>
    <message>
        <source>Delete message</source>
        <translation>删除消息</translation>
    </message>
    <message>
        <source>Delete for everyone</source>
        <translation>为所有人删除</translation>
    </message>
    <message>
        <source>Delete on this device</source>
        <translation>仅在此设备上删除</translation>
    </message>
    <message>
        <source>It has not been sent yet: nobody gets it.</source>
        <translation>消息尚未发送：不会有人收到它。</translation>
    </message>
    <message>
        <source>It goes from here, and the other side is asked to delete it. It may have been read by then, and not every program does what it is asked.</source>
        <translation>消息将从这里删除，并请求对方也删除。对方可能已经读过，而且并非所有程序都会照办。</translation>
    </message>
    <message>
        <source>It goes from here only. Others, and your other devices, keep it.</source>
        <translation>只从这里删除。其他人和你的其他设备会保留它。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>/me deleted an earlier message, which your program cannot do.</source>
        <translation>/me 删除了之前的一条消息，但你的程序不支持删除。</translation>
    </message>
    <message>
        <source>What is deleted</source>
        <translation>将删除的内容</translation>
    </message>
    <message>
        <source>They are not fetched again. What still waits to be sent is not sent. Other people, your other devices and your provider keep what they have.</source>
        <translation>删除后不会再次获取，尚待发送的也不再发送。其他人、你的其他设备和服务商保存的内容不受影响。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>The messages and the copies of their files leave this computer for good.</source>
        <translation>消息及其文件副本将从这台电脑上永久删除。</translation>
    </message>
    <message>
        <source>Counting messages…</source>
        <translation>正在统计消息…</translation>
    </message>
</context>
<context>
    <name>DeleteOldDialog</name>
    <message>
        <source>Delete old messages</source>
        <translation>删除旧消息</translation>
    </message>
    <message>
        <source>Older than</source>
        <translation>早于</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message numerus="yes">
        <source>%n years</source>
        <translation>
            <numerusform>%n 年</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete 1 message?</source>
        <translation>删除 1 条消息？</translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln messages?</source>
        <translation>
            <numerusform>删除 %Ln 条消息？</numerusform>
        </translation>
    </message>
    <message>
        <source>There are no messages that old.</source>
        <translation>没有早于此时间的消息。</translation>
    </message>
</context>
<context>
    <name>Deleting</name>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
</context>
<context>
    <name>Delivery</name>
    <message>
        <source>Not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>发送失败</translation>
    </message>
    <message>
        <source>nobody can be reached at this address now</source>
        <translation>目前无法送达此地址</translation>
    </message>
    <message>
        <source>there is no such address</source>
        <translation>没有这个地址</translation>
    </message>
    <message>
        <source>their provider cannot be found</source>
        <translation>找不到对方的服务商</translation>
    </message>
    <message>
        <source>their provider does not answer</source>
        <translation>对方的服务商没有响应</translation>
    </message>
    <message>
        <source>they or a provider do not allow it</source>
        <translation>对方或服务商不允许</translation>
    </message>
    <message>
        <source>it is against a provider&apos;s rules</source>
        <translation>这违反了服务商的规定</translation>
    </message>
    <message>
        <source>it is not accepted, perhaps you block this address</source>
        <translation>消息未被接受，可能是你屏蔽了此地址</translation>
    </message>
    <message>
        <source>a provider does not accept it, perhaps it is too long</source>
        <translation>服务商不接受此消息，可能太长</translation>
    </message>
    <message>
        <source>it is too large for your provider</source>
        <translation>超出了你的服务商的大小限制</translation>
    </message>
    <message>
        <source>your provider does not take files</source>
        <translation>你的服务商不接受文件</translation>
    </message>
    <message>
        <source>the file is not there any more</source>
        <translation>文件已不存在</translation>
    </message>
    <message>
        <source>a provider has too much to do now</source>
        <translation>服务商目前繁忙</translation>
    </message>
    <message>
        <source>a provider has a fault</source>
        <translation>服务商出现故障</translation>
    </message>
</context>
<context>
    <name>DetailsDialog</name>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Presence</source>
        <translation>在线状态</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>上次在线</translation>
    </message>
    <message>
        <source>Subscription</source>
        <translation>订阅关系</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>About</source>
        <translation>简介</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Website</source>
        <translation>网站</translation>
    </message>
    <message>
        <source>Birthday</source>
        <translation>生日</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>职务</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>城市</translation>
    </message>
    <message>
        <source>Calls themself {nick}</source>
        <translation>自称 {nick}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Nickname</source>
        <translation>昵称</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>取消屏蔽</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>last seen {when}</source>
        <translation>上次在线：{when}</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Unknown while you are not connected</source>
        <translation>未连接时无法得知</translation>
    </message>
</context>
<context>
    <name>DropArea</name>
    <message>
        <source>Drop files here to send them</source>
        <translation>将文件拖放到此处以发送</translation>
    </message>
</context>
<context>
    <name>EditAccountDialog</name>
    <message>
        <source>Edit account</source>
        <translation>编辑账号</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>How the account connects</source>
        <translation>账号的连接方式</translation>
    </message>
    <message>
        <source>Changes reconnect the account.</source>
        <translation>更改后账号会重新连接。</translation>
    </message>
</context>
<context>
    <name>EditDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Show edits</source>
        <translation>显示修改记录</translation>
    </message>
    <message>
        <source>Editing</source>
        <translation>正在编辑</translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation>取消编辑</translation>
    </message>
    <message>
        <source>There is no text. To remove the message, delete it.</source>
        <translation>没有文字。若要移除消息，请删除它。</translation>
    </message>
    <message>
        <source>This message cannot be edited any more.</source>
        <translation>此消息已无法编辑。</translation>
    </message>
</context>
<context>
    <name>EmojiPicker</name>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Search emoji</source>
        <translation>搜索表情</translation>
    </message>
    <message>
        <source>Skin tone</source>
        <translation>肤色</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到结果</translation>
    </message>
    <message>
        <source>Recently used</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Smileys</source>
        <translation>笑脸</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Animals and nature</source>
        <translation>动物与自然</translation>
    </message>
    <message>
        <source>Food and drink</source>
        <translation>食物与饮料</translation>
    </message>
    <message>
        <source>Travel and places</source>
        <translation>旅行与地点</translation>
    </message>
    <message>
        <source>Activities</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>旗帜</translation>
    </message>
    <message>
        <source>No skin tone</source>
        <translation>默认肤色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Medium-light</source>
        <translation>中浅色</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中等</translation>
    </message>
    <message>
        <source>Medium-dark</source>
        <translation>中深色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
</context>
<context>
    <name>EmptyDialog</name>
    <message>
        <source>Empty fetched files</source>
        <translation>清空已获取的文件</translation>
    </message>
    <message>
        <source>Files and pictures that others sent are fetched again when you open them, unless their providers have removed them by then. Files that you sent or saved stay.</source>
        <translation>他人发送的文件和图片会在你打开时重新获取，除非其服务商届时已将其删除。你发送或保存的文件会保留。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>清空</translation>
    </message>
</context>
<context>
    <name>EmptyWords</name>
    <message>
        <source>Add contact…</source>
        <translation>添加联系人…</translation>
    </message>
    <message>
        <source>No contact matches.</source>
        <translation>没有匹配的联系人。</translation>
    </message>
    <message>
        <source>Nobody is online.</source>
        <translation>没有人在线。</translation>
    </message>
    <message>
        <source>No contacts yet. Add somebody by their address, and they appear here.</source>
        <translation>还没有联系人。通过地址添加后，对方会显示在这里。</translation>
    </message>
</context>
<context>
    <name>EndedBar</name>
    <message>
        <source>Whimbrel ended unexpectedly several times. It started without the chat that was open.</source>
        <translation>Whimbrel 多次意外退出。这次启动没有打开之前的会话。</translation>
    </message>
    <message>
        <source>Whimbrel ended unexpectedly last time.</source>
        <translation>Whimbrel 上次意外退出。</translation>
    </message>
    <message>
        <source>Open what was open</source>
        <translation>打开之前的内容</translation>
    </message>
    <message>
        <source>Report a problem…</source>
        <translation>报告问题…</translation>
    </message>
    <message>
        <source>Close notice</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>ErrorBox</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>There is no network. Whimbrel connects by itself when it is back.</source>
        <translation>没有网络。网络恢复后，Whimbrel 会自动连接。</translation>
    </message>
    <message>
        <source>No provider was found at {subject}. Check the address, and the host under Advanced, for a typing mistake.</source>
        <translation>在 {subject} 没有找到服务商。请检查地址以及“高级”中的主机是否有误。</translation>
    </message>
    <message>
        <source>{subject} refused the connection. Check host and port under Advanced, or try again later.</source>
        <translation>{subject} 拒绝了连接。请检查“高级”中的主机和端口，或稍后重试。</translation>
    </message>
    <message>
        <source>The connection was lost. Whimbrel connects again.</source>
        <translation>连接已断开，Whimbrel 会重新连接。</translation>
    </message>
    <message>
        <source>The provider does not answer. Try again in a moment.</source>
        <translation>服务商没有响应。请稍后重试。</translation>
    </message>
    <message>
        <source>{subject} does not speak XMPP there. Check host and port under Advanced.</source>
        <translation>{subject} 在该端口上不提供 XMPP 服务。请检查“高级”中的主机和端口。</translation>
    </message>
    <message>
        <source>The provider ended the connection because of an error. Try again in a moment.</source>
        <translation>服务商因错误断开了连接。请稍后重试。</translation>
    </message>
    <message>
        <source>Another program signed in with the same resource. Choose another resource under Advanced, or leave it empty.</source>
        <translation>另一个程序用相同的资源登录了。请在“高级”中换一个资源，或将其留空。</translation>
    </message>
    <message>
        <source>The provider is restarting. Whimbrel connects again by itself.</source>
        <translation>服务商正在重启，Whimbrel 会自动重新连接。</translation>
    </message>
    <message>
        <source>{subject} offers no encrypted connection, so Whimbrel did not sign in. Somebody may be interfering with the network: try another one, or ask the provider.</source>
        <translation>{subject} 不提供加密连接，因此 Whimbrel 没有登录。可能有人在干扰网络：请换一个网络，或询问服务商。</translation>
    </message>
    <message>
        <source>The connection could not be encrypted. Try again, or try Security under Advanced.</source>
        <translation>无法加密连接。请重试，或更改“高级”中的“安全性”。</translation>
    </message>
    <message>
        <source>The certificate belongs to another provider than {subject}. Check the address; if it is right, ask the provider.</source>
        <translation>证书不属于 {subject}，而属于另一家服务商。请检查地址；如果地址正确，请询问服务商。</translation>
    </message>
    <message>
        <source>The certificate of {subject} has expired. Check this computer&apos;s date; if it is right, the provider must renew it.</source>
        <translation>{subject} 的证书已过期。请检查这台电脑的日期；如果日期正确，则需要由服务商更新证书。</translation>
    </message>
    <message>
        <source>{subject} vouches only for itself (self-signed certificate), so Whimbrel did not sign in. Ask the provider.</source>
        <translation>{subject} 的证书仅由其自身签发（自签名证书），因此 Whimbrel 没有登录。请询问服务商。</translation>
    </message>
    <message>
        <source>The certificate of {subject} was issued by an authority that this computer does not trust. Ask the provider.</source>
        <translation>{subject} 的证书由这台电脑不信任的机构签发。请询问服务商。</translation>
    </message>
    <message>
        <source>The certificate of {subject} is not valid, so Whimbrel did not sign in. Ask the provider.</source>
        <translation>{subject} 的证书无效，因此 Whimbrel 没有登录。请询问服务商。</translation>
    </message>
    <message>
        <source>{subject} shows another certificate than the one that you trust, so Whimbrel did not sign in. If its owner did not change it, somebody may be interfering with the network.</source>
        <translation>{subject} 出示的证书与你信任的不同，因此 Whimbrel 没有登录。如果其所有者没有更换证书，则可能有人在干扰网络。</translation>
    </message>
    <message>
        <source>The password is not right for {subject}. Check it and try again.</source>
        <translation>{subject} 的密码不正确。请检查后重试。</translation>
    </message>
    <message>
        <source>The password for {subject} is needed to sign in.</source>
        <translation>登录需要 {subject} 的密码。</translation>
    </message>
    <message>
        <source>The provider has disabled {subject}. Ask the provider to enable it again.</source>
        <translation>服务商已停用 {subject}。请联系服务商重新启用。</translation>
    </message>
    <message>
        <source>The provider offers no safe way to send the password, so it was not sent. Ask the provider.</source>
        <translation>服务商不支持安全发送密码的方式，因此没有发送密码。请询问服务商。</translation>
    </message>
    <message>
        <source>{subject} offers only weaker ways to sign in than before, so the password was not sent. Somebody may be interfering with the network: try another one, or ask the provider whether something was changed.</source>
        <translation>{subject} 只提供比以前更弱的登录方式，因此没有发送密码。可能有人在干扰网络：请换一个网络，或询问服务商是否有更改。</translation>
    </message>
    <message>
        <source>Somebody on the way changed what {subject} offers for signing in, so Whimbrel did not sign in. Try another network, and tell the provider.</source>
        <translation>途中有人更改了 {subject} 提供的登录方式，因此 Whimbrel 没有登录。请换一个网络，并告知服务商。</translation>
    </message>
    <message>
        <source>The provider did not let {subject} sign in. Try again, or ask the provider.</source>
        <translation>服务商不允许 {subject} 登录。请重试，或询问服务商。</translation>
    </message>
    <message>
        <source>This name is taken. Choose another one.</source>
        <translation>此名称已被使用，请换一个。</translation>
    </message>
    <message>
        <source>The provider does not accept what was entered. Check each field and try again.</source>
        <translation>服务商不接受所填写的内容。请逐项检查后重试。</translation>
    </message>
    <message>
        <source>{subject} does not create accounts from programs. Choose another provider, or see its web page.</source>
        <translation>{subject} 不允许通过程序注册账号。请选择其他服务商，或查看其网页。</translation>
    </message>
    <message>
        <source>The provider has created too many accounts from here. Try again later, or choose another provider.</source>
        <translation>从此处注册的账号过多。请稍后重试，或选择其他服务商。</translation>
    </message>
    <message>
        <source>This needs a connection. Try again when you are online.</source>
        <translation>此操作需要联网。请在线后重试。</translation>
    </message>
    <message>
        <source>{subject} was not found. Check the address.</source>
        <translation>没有找到 {subject}。请检查地址。</translation>
    </message>
    <message>
        <source>The provider does not allow this. Ask the provider if you think it should.</source>
        <translation>服务商不允许此操作。如有疑问，请询问服务商。</translation>
    </message>
    <message>
        <source>{subject} does not offer this, or cannot be reached now. Try again later.</source>
        <translation>{subject} 不提供此功能，或暂时无法访问。请稍后重试。</translation>
    </message>
    <message>
        <source>{subject} has too much to do now. Try again later.</source>
        <translation>{subject} 目前繁忙。请稍后重试。</translation>
    </message>
    <message>
        <source>The provider refused this. See Details, then try again.</source>
        <translation>服务商拒绝了此操作。请查看“详细信息”后重试。</translation>
    </message>
    <message>
        <source>This is too large for the provider. Send it in smaller parts.</source>
        <translation>内容超出了服务商的限制。请分几次发送。</translation>
    </message>
    <message>
        <source>Your provider does not take files. Send a link, or use another provider for them.</source>
        <translation>你的服务商不接受文件。请发送链接，或使用其他服务商。</translation>
    </message>
    <message>
        <source>This is a folder. Choose the files in it instead.</source>
        <translation>这是文件夹。请选择其中的文件。</translation>
    </message>
    <message>
        <source>The file is not there any more. Choose it again.</source>
        <translation>文件已不存在。请重新选择。</translation>
    </message>
    <message>
        <source>This file would come unencrypted, so that others could see or change it. Fetch it only if that is no harm.</source>
        <translation>此文件将以未加密方式传输，他人可能看到或篡改它。请仅在无妨的情况下获取。</translation>
    </message>
    <message>
        <source>This file&apos;s address leads into your own network, so it was not fetched.</source>
        <translation>此文件的地址指向你自己的网络，因此没有获取。</translation>
    </message>
    <message>
        <source>This is not the file that was sent: somebody may have changed it. Ask the sender to send it again.</source>
        <translation>这不是原来发送的文件，可能已被篡改。请让发送者重新发送。</translation>
    </message>
    <message>
        <source>Enter an address, like alice@example.org.</source>
        <translation>请输入地址，例如 alice@example.org。</translation>
    </message>
    <message>
        <source>This is not an address. An address looks like alice@example.org.</source>
        <translation>这不是有效的地址。地址的形式如 alice@example.org。</translation>
    </message>
    <message>
        <source>This is your own address. Enter somebody else&apos;s.</source>
        <translation>这是你自己的地址。请输入别人的地址。</translation>
    </message>
    <message>
        <source>{subject} is already one of your contacts.</source>
        <translation>{subject} 已经是你的联系人。</translation>
    </message>
    <message>
        <source>{subject} is already one of your accounts.</source>
        <translation>{subject} 已经是你的账号。</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535. Leave it empty for the usual one.</source>
        <translation>端口是 1 到 65535 之间的数字。留空即使用默认端口。</translation>
    </message>
    <message>
        <source>This is too long. Make it shorter.</source>
        <translation>内容太长，请缩短。</translation>
    </message>
    <message>
        <source>This field must be filled in.</source>
        <translation>此项必须填写。</translation>
    </message>
    <message>
        <source>The keyring cannot be used now. See whether it is running, then try again.</source>
        <translation>密钥环暂时无法使用。请检查它是否正在运行，然后重试。</translation>
    </message>
    <message>
        <source>The keyring is locked. Unlock it and try again.</source>
        <translation>密钥环已锁定。请解锁后重试。</translation>
    </message>
    <message>
        <source>The keyring is locked or missing, so the password of {subject} is kept only until you quit. Unlock the keyring before you sign in the next time.</source>
        <translation>密钥环已锁定或不存在，因此 {subject} 的密码只保留到你退出为止。下次登录前请先解锁密钥环。</translation>
    </message>
    <message>
        <source>The history cannot be read because its file is damaged. It can be set aside; it is never deleted.</source>
        <translation>聊天记录文件已损坏，无法读取。可以将它改名保留，绝不会删除。</translation>
    </message>
    <message>
        <source>Another program is using the history. Close it and try again.</source>
        <translation>另一个程序正在使用聊天记录。请关闭该程序后重试。</translation>
    </message>
    <message>
        <source>The history was written by a newer Whimbrel. Update Whimbrel, or set the history aside.</source>
        <translation>聊天记录由更新版本的 Whimbrel 写入。请更新 Whimbrel，或将聊天记录改名保留。</translation>
    </message>
    <message>
        <source>The key to the history is not in the keyring. Open that keyring and try again, or set the history aside.</source>
        <translation>密钥环中没有聊天记录的密钥。请打开相应的密钥环后重试，或将聊天记录改名保留。</translation>
    </message>
    <message>
        <source>It could not be saved because the disk is full or cannot be written to. Free some space and try again.</source>
        <translation>磁盘已满或无法写入，因此未能保存。请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>It could not be saved in {subject}, because that disk is read-only. Nothing was changed.</source>
        <translation>无法保存到 {subject}，因为该磁盘为只读。没有做任何更改。</translation>
    </message>
    <message>
        <source>Whimbrel may not write to {subject}. Make that folder writable, then try again.</source>
        <translation>Whimbrel 没有写入 {subject} 的权限。请将该文件夹设为可写，然后重试。</translation>
    </message>
    <message>
        <source>Looking up {subject} takes too long. Check the network and try again.</source>
        <translation>查找 {subject} 用时过长。请检查网络后重试。</translation>
    </message>
    <message>
        <source>{subject} cannot be reached. Check the network, or host and port under Advanced.</source>
        <translation>无法连接 {subject}。请检查网络，或“高级”中的主机和端口。</translation>
    </message>
    <message>
        <source>{subject} stopped answering while the connection was being encrypted. Try again in a moment.</source>
        <translation>{subject} 在建立加密连接时停止响应。请稍后重试。</translation>
    </message>
    <message>
        <source>{subject} stopped answering while signing in. Try again in a moment.</source>
        <translation>{subject} 在登录过程中停止响应。请稍后重试。</translation>
    </message>
    <message>
        <source>{subject} stopped answering after signing in. Try again in a moment.</source>
        <translation>{subject} 在登录后停止响应。请稍后重试。</translation>
    </message>
    <message>
        <source>{subject} did not send the contacts. Try again in a moment.</source>
        <translation>{subject} 没有发送联系人列表。请稍后重试。</translation>
    </message>
    <message>
        <source>the provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>this address</source>
        <translation>此地址</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export conversation</source>
        <translation>导出会话</translation>
    </message>
    <message>
        <source>Export everything</source>
        <translation>导出全部</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever can read it can read what was said.</source>
        <translation>文件未加密：任何能读取该文件的人都能看到聊天内容。</translation>
    </message>
    <message>
        <source>All messages with %1.</source>
        <translation>与 %1 的所有消息。</translation>
    </message>
    <message>
        <source>All conversations.</source>
        <translation>所有会话。</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Web page (HTML)</source>
        <translation>网页（HTML）</translation>
    </message>
    <message>
        <source>For other programs (JSON)</source>
        <translation>供其他程序使用（JSON）</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Conversation with %1</source>
        <translation>与 %1 的会话</translation>
    </message>
    <message>
        <source>Message deleted</source>
        <translation>消息已删除</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1（我）</translation>
    </message>
    <message>
        <source>Reactions</source>
        <translation>表情回应</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>1 message exported.</source>
        <translation>已导出 1 条消息。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages exported.</source>
        <translation>
            <numerusform>已导出 %Ln 条消息。</numerusform>
        </translation>
    </message>
    <message>
        <source>The file cannot be written there. Choose another folder or another name.</source>
        <translation>无法在该位置写入文件。请选择其他文件夹或文件名。</translation>
    </message>
</context>
<context>
    <name>FileActions</name>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>It could not be saved: {reason}</source>
        <translation>无法保存：{reason}</translation>
    </message>
    <message>
        <source>The folder could not be opened.</source>
        <translation>无法打开文件夹。</translation>
    </message>
    <message>
        <source>{name} may run a program on this computer. Open it only if you know what it is and trust who sent it.</source>
        <translation>{name} 可能会在这台电脑上运行程序。请仅在你知道它是什么并信任发送者时打开。</translation>
    </message>
    <message>
        <source>Open this file?</source>
        <translation>打开此文件？</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>仍然打开</translation>
    </message>
    <message>
        <source>There is no program that opens this file. Save it, then open it from there.</source>
        <translation>没有可打开此文件的程序。请先保存，再从保存位置打开。</translation>
    </message>
</context>
<context>
    <name>FileQuestion</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>FileRow</name>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Fetching {done} of {size}</source>
        <translation>正在获取 {done}，共 {size}</translation>
    </message>
    <message>
        <source>Fetching {done}</source>
        <translation>正在获取 {done}</translation>
    </message>
    <message>
        <source>This picture cannot be shown</source>
        <translation>无法显示此图片</translation>
    </message>
    <message>
        <source>Picture {name}</source>
        <translation>图片 {name}</translation>
    </message>
    <message>
        <source>File {name}</source>
        <translation>文件 {name}</translation>
    </message>
    <message>
        <source>not fetched yet</source>
        <translation>尚未获取</translation>
    </message>
    <message>
        <source>Not fetched: its address is not encrypted</source>
        <translation>未获取：其地址未加密</translation>
    </message>
    <message>
        <source>Not fetched: its address leads into your own network</source>
        <translation>未获取：其地址指向你自己的网络</translation>
    </message>
    <message>
        <source>Not kept: this is not the file that was sent. Ask the sender to send it again.</source>
        <translation>未保留：这不是原来发送的文件。请让发送者重新发送。</translation>
    </message>
    <message>
        <source>Not fetched: it is too large</source>
        <translation>未获取：文件太大</translation>
    </message>
    <message>
        <source>It is not there any more. Ask the sender to send it again.</source>
        <translation>文件已不存在。请让发送者重新发送。</translation>
    </message>
    <message>
        <source>There is no room on the disk. Make some, then try again.</source>
        <translation>磁盘空间不足。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>Not fetched: where it lies cannot be trusted (its certificate is not valid)</source>
        <translation>未获取：存放该文件的服务器不可信（证书无效）</translation>
    </message>
    <message>
        <source>Where it lies, it is not given out</source>
        <translation>存放该文件的服务器拒绝提供它</translation>
    </message>
    <message>
        <source>It could not be fetched. Try again in a moment.</source>
        <translation>无法获取。请稍后重试。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>获取</translation>
    </message>
    <message>
        <source>{name} would come unencrypted: others on the way could see it, or send you something else in its place.</source>
        <translation>{name} 将以未加密方式传输：途中的他人可能看到它，或用别的内容替换它。</translation>
    </message>
    <message>
        <source>Fetch this file?</source>
        <translation>获取此文件？</translation>
    </message>
    <message>
        <source>Fetch anyway</source>
        <translation>仍然获取</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>查看 {name}</translation>
    </message>
    <message>
        <source>Cancel fetching {name}</source>
        <translation>取消获取 {name}</translation>
    </message>
    <message>
        <source>Try again to fetch {name}</source>
        <translation>重新获取 {name}</translation>
    </message>
    <message>
        <source>Fetch {name}</source>
        <translation>获取 {name}</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>This field must be filled in.</source>
        <translation>此项必须填写。</translation>
    </message>
    <message>
        <source>This is too long. Make it shorter.</source>
        <translation>内容太长，请缩短。</translation>
    </message>
    <message>
        <source>Required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>This is not an address. An address looks like alice@example.org.</source>
        <translation>这不是有效的地址。地址的形式如 alice@example.org。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>Username</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Email address</source>
        <translation>电子邮件地址</translation>
    </message>
    <message>
        <source>Nickname</source>
        <translation>昵称</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Given name</source>
        <translation>名</translation>
    </message>
    <message>
        <source>Family name</source>
        <translation>姓</translation>
    </message>
    <message>
        <source>Street address</source>
        <translation>街道地址</translation>
    </message>
    <message>
        <source>City</source>
        <translation>城市</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>省/地区</translation>
    </message>
    <message>
        <source>Postal code</source>
        <translation>邮政编码</translation>
    </message>
    <message>
        <source>Telephone number</source>
        <translation>电话号码</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Other details</source>
        <translation>其他信息</translation>
    </message>
    <message>
        <source>Other text</source>
        <translation>其他文字</translation>
    </message>
</context>
<context>
    <name>FormView</name>
    <message>
        <source>* required</source>
        <translation>* 必填</translation>
    </message>
    <message>
        <source>This cannot be part of an address. Use letters, digits, “-”, “_” and “.”.</source>
        <translation>此内容不能用在地址中。请使用字母、数字、“-”、“_”和“.”。</translation>
    </message>
</context>
<context>
    <name>ForwardDialog</name>
    <message>
        <source>Forward</source>
        <translation>转发</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Name or address</source>
        <translation>名称或地址</translation>
    </message>
    <message>
        <source>Chats and contacts</source>
        <translation>会话和联系人</translation>
    </message>
    <message>
        <source>Nobody found.</source>
        <translation>没有匹配的会话或联系人。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>To: {names}</source>
        <translation>转发给：{names}</translation>
    </message>
</context>
<context>
    <name>Forwarding</name>
    <message>
        <source>Forward…</source>
        <translation>转发…</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>Start Whimbrel when I sign in to this computer</source>
        <translation>登录这台电脑时启动 Whimbrel</translation>
    </message>
    <message>
        <source>autostart, boot, automatically</source>
        <translation>自启动、开机、自动</translation>
    </message>
    <message>
        <source>Start hidden in the tray</source>
        <translation>启动时隐藏到托盘</translation>
    </message>
    <message>
        <source>minimised, background</source>
        <translation>最小化、后台</translation>
    </message>
    <message>
        <source>Keep running when the window is closed</source>
        <translation>关闭窗口后继续运行</translation>
    </message>
    <message>
        <source>tray, background, quit</source>
        <translation>托盘、后台、退出</translation>
    </message>
    <message>
        <source>The desktop did not change this. Look whether its settings let Whimbrel run in the background.</source>
        <translation>桌面环境没有更改此项。请检查其设置是否允许 Whimbrel 在后台运行。</translation>
    </message>
</context>
<context>
    <name>GoToDateDialog</name>
    <message>
        <source>Go to date</source>
        <translation>跳转到日期</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>跳转</translation>
    </message>
    <message>
        <source>Previous month</source>
        <translation>上个月</translation>
    </message>
    <message>
        <source>Next month</source>
        <translation>下个月</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>This is the beginning of your conversation</source>
        <translation>会话从这里开始</translation>
    </message>
    <message>
        <source>Your provider keeps no history</source>
        <translation>你的服务商不保存聊天记录</translation>
    </message>
    <message>
        <source>Load older messages</source>
        <translation>加载更早的消息</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>History complete since {date}</source>
        <translation>{date}以来的聊天记录完整</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Messages are missing here</source>
        <translation>此处缺少消息</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Fetched files</source>
        <translation>已获取的文件</translation>
    </message>
    <message>
        <source>Size of fetched files</source>
        <translation>已获取文件的大小</translation>
    </message>
    <message>
        <source>Empty…</source>
        <translation>清空…</translation>
    </message>
    <message>
        <source>cache, pictures, free space</source>
        <translation>缓存、图片、释放空间</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Keep messages for</source>
        <translation>消息保留时间</translation>
    </message>
    <message>
        <source>retention, expire, delete automatically</source>
        <translation>保留、过期、自动删除</translation>
    </message>
    <message>
        <source>What is older is deleted from this computer each day, and not taken in if it comes later, even if you have not seen it. Your provider may keep it.</source>
        <translation>更早的消息每天会从这台电脑上删除；之后才收到的更早的消息也不会保存，即使你还没有看过。服务商那里可能仍有保留。</translation>
    </message>
    <message>
        <source>Export everything…</source>
        <translation>导出全部…</translation>
    </message>
    <message>
        <source>Delete old messages…</source>
        <translation>删除旧消息…</translation>
    </message>
    <message>
        <source>Delete all history…</source>
        <translation>删除所有聊天记录…</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>Your history is encrypted. The key is in your keyring.</source>
        <translation>聊天记录已加密，密钥保存在你的密钥环中。</translation>
    </message>
    <message>
        <source>Your history is not encrypted, because no keyring could be opened when Whimbrel started.</source>
        <translation>聊天记录未加密，因为 Whimbrel 启动时无法打开密钥环。</translation>
    </message>
    <message>
        <source>keyring, key, password</source>
        <translation>密钥环、密钥、密码</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>Size of the history</source>
        <translation>聊天记录的大小</translation>
    </message>
    <message>
        <source>Folder of the history</source>
        <translation>聊天记录所在文件夹</translation>
    </message>
    <message>
        <source>where, path, file, database</source>
        <translation>位置、路径、文件、数据库</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>space, disk, bytes</source>
        <translation>空间、磁盘、字节</translation>
    </message>
    <message>
        <source>Forever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>6 months</source>
        <translation>6 个月</translation>
    </message>
    <message>
        <source>3 months</source>
        <translation>3 个月</translation>
    </message>
    <message>
        <source>1 month</source>
        <translation>1 个月</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1 周</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>It is encrypted at the first start that finds a keyring.</source>
        <translation>下次启动时如有可用的密钥环，就会加密。</translation>
    </message>
    <message>
        <source>There is a keyring now: your history is encrypted when Whimbrel starts next.</source>
        <translation>现在有可用的密钥环：下次启动 Whimbrel 时会加密聊天记录。</translation>
    </message>
</context>
<context>
    <name>Joining</name>
    <message>
        <source>, </source>
        <comment>between facts of one thing: Online, 3 unread</comment>
        <translation>，</translation>
    </message>
    <message>
        <source>; </source>
        <comment>between things that have commas within them</comment>
        <translation>；</translation>
    </message>
    <message>
        <source>: </source>
        <comment>between a name and what is told of it: Bob: Not sent</comment>
        <translation>：</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>Jump to latest</source>
        <translation>跳到最新消息</translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n 条新消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KeepDialog</name>
    <message>
        <source>Keep messages for %1</source>
        <translation>消息保留 %1</translation>
    </message>
    <message>
        <source>From now on, every day, what is older than that leaves this computer for good, with the copies of its files.</source>
        <translation>从现在起，每天都会从这台电脑上永久删除早于该时间的消息及其文件副本。</translation>
    </message>
    <message>
        <source>It is not fetched again. What is not sent yet stays. Other people, your other devices and your provider keep what they have.</source>
        <translation>它们不会再次获取。尚未发送的内容会保留。其他人、你的其他设备和服务商保留的内容不受影响。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages are older and are deleted now.</source>
        <translation>
            <numerusform>有 %Ln 条更早的消息，现在将被删除。</numerusform>
        </translation>
    </message>
    <message>
        <source>1 message is older and is deleted now.</source>
        <translation>有 1 条更早的消息，现在将被删除。</translation>
    </message>
    <message>
        <source>No message is that old now.</source>
        <translation>目前没有这么早的消息。</translation>
    </message>
    <message>
        <source>Keep for %1</source>
        <translation>保留 %1</translation>
    </message>
</context>
<context>
    <name>KeyCapture</name>
    <message>
        <source>Press the keys</source>
        <translation>请按下按键</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Keys that are in use</source>
        <translation>已在使用的按键</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>默认按键</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove {keys}</source>
        <translation>移除 {keys}</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>{keys} is there already.</source>
        <translation>{keys} 已经设置。</translation>
    </message>
    <message>
        <source>{keys} is needed for writing. Press keys together with Ctrl or Alt, or F1 to F12.</source>
        <translation>{keys} 用于输入文字。请同时按 Ctrl 或 Alt，或者使用 F1 至 F12。</translation>
    </message>
    <message>
        <source>{keys} types a character or opens a menu on many computers. Use Ctrl without Alt.</source>
        <translation>在许多电脑上，{keys} 会输入字符或打开菜单。请使用 Ctrl，不要加 Alt。</translation>
    </message>
    <message>
        <source>{keys} belongs to “{action}”.</source>
        <translation>{keys} 已用于“{action}”。</translation>
    </message>
    <message>
        <source>Use it here instead</source>
        <translation>改用于此处</translation>
    </message>
</context>
<context>
    <name>KeysRow</name>
    <message>
        <source>No keys</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>In use for “{action}” too</source>
        <translation>同时也用于“{action}”</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已更改</translation>
    </message>
</context>
<context>
    <name>LanguagePage</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>translation, words, dates</source>
        <translation>翻译、文字、日期</translation>
    </message>
    <message>
        <source>The window is shown in it at once, or when the dialog closes that you are writing in. What you have begun stays.</source>
        <translation>窗口会立即使用该语言；如果你正在某个对话框中输入，则在它关闭后切换。你已写的内容会保留。</translation>
    </message>
</context>
<context>
    <name>LeftPane</name>
    <message>
        <source>Chats</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>列表</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>LinkFollowing</name>
    <message>
        <source>This link is not an address that Whimbrel can open.</source>
        <translation>此链接不是 Whimbrel 可以打开的地址。</translation>
    </message>
    <message>
        <source>Too many links came at once. The last ones were not opened.</source>
        <translation>一次收到的链接太多，最后几个没有打开。</translation>
    </message>
    <message>
        <source>The link to {address} is opened once you have signed in.</source>
        <translation>登录后将打开指向 {address} 的链接。</translation>
    </message>
    <message>
        <source>The link names this contact: {name}</source>
        <translation>链接中的联系人名称：{name}</translation>
    </message>
    <message>
        <source>It adds them to the group: {group}</source>
        <translation>将其加入分组：{group}</translation>
    </message>
    <message>
        <source>Change contact</source>
        <translation>更改联系人</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Request presence</source>
        <translation>请求查看在线状态</translation>
    </message>
    <message>
        <source>They are asked whether you may see when they are online.</source>
        <translation>将询问对方是否允许你查看其在线状态。</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>Stop seeing presence</source>
        <translation>停止查看在线状态</translation>
    </message>
    <message>
        <source>You do not see when they are online, so there is nothing to stop.</source>
        <translation>你本来就看不到对方的在线状态，无需停止。</translation>
    </message>
    <message>
        <source>You will no longer see when they are online. They stay among your contacts.</source>
        <translation>你将不再看到对方的在线状态。对方仍在你的联系人中。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Remove contact</source>
        <translation>移除联系人</translation>
    </message>
    <message>
        <source>They are not among your contacts.</source>
        <translation>对方不在你的联系人中。</translation>
    </message>
    <message>
        <source>Group chat</source>
        <translation>群聊</translation>
    </message>
    <message>
        <source>This is the address of a group chat. Whimbrel cannot take part in group chats yet.</source>
        <translation>这是一个群聊的地址。Whimbrel 目前还不支持群聊。</translation>
    </message>
    <message>
        <source>End a registration</source>
        <translation>注销账号</translation>
    </message>
    <message>
        <source>Whimbrel ends no account or registration because of a link. Your accounts are in Accounts…</source>
        <translation>Whimbrel 不会根据链接注销账号或取消注册。要查看你的账号，请打开：账号…</translation>
    </message>
    <message>
        <source>The link asks for something that Whimbrel does not know. You can use its address.</source>
        <translation>Whimbrel 无法识别该链接请求的操作。你可以使用其中的地址。</translation>
    </message>
    <message>
        <source>Unknown link</source>
        <translation>未知链接</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>Which account is meant?</source>
        <translation>使用哪个账号？</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Something went wrong inside Whimbrel. It goes on; restart it if anything looks odd.</source>
        <translation>Whimbrel 内部出错，但会继续运行。如有异常，请重新启动。</translation>
    </message>
    <message>
        <source>The file of your settings could not be read, or not all of it. It is kept as {file}; what was not understood is as it usually is.</source>
        <translation>你的设置文件无法读取，或只能读取一部分。原文件保留为 {file}；无法识别的设置已恢复默认。</translation>
    </message>
    <message>
        <source>There is no usable keyring, so the history on this computer is not encrypted. It becomes so by itself once there is one.</source>
        <translation>没有可用的密钥环，因此这台电脑上的聊天记录未加密。有了密钥环后会自动加密。</translation>
    </message>
    <message>
        <source>The keyring is locked, so the history on this computer is not encrypted. It becomes so at the next start at which you unlock it.</source>
        <translation>密钥环已锁定，因此这台电脑上的聊天记录未加密。下次启动并解锁密钥环后，会自动加密。</translation>
    </message>
</context>
<context>
    <name>Media</name>
    <message>
        <source>View</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>This picture cannot be copied.</source>
        <translation>无法复制此图片。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Show offline contacts</source>
        <translation>显示离线联系人</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
</context>
<context>
    <name>MessageEditor</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
</context>
<context>
    <name>MessageMenu</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>丢弃…</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详细信息</translation>
    </message>
</context>
<context>
    <name>Missed</name>
    <message numerus="yes">
        <source>%n conversations</source>
        <translation>
            <numerusform>%n 个会话</numerusform>
        </translation>
    </message>
    <message>
        <source>{messages} in {conversations}</source>
        <translation>{conversations}，共 {messages}</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>Notes to self</source>
        <translation>我的笔记</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close notice</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Asks for your attention</source>
        <translation>戳了戳你</translation>
    </message>
</context>
<context>
    <name>NotificationsPage</name>
    <message>
        <source>Notify of new messages</source>
        <translation>有新消息时通知</translation>
    </message>
    <message>
        <source>alerts, pop-ups, quiet</source>
        <translation>提醒、弹窗、安静</translation>
    </message>
    <message>
        <source>Show who wrote and what in notifications</source>
        <translation>在通知中显示发送者和内容</translation>
    </message>
    <message>
        <source>preview, sender, privacy, lock screen</source>
        <translation>预览、发送者、隐私、锁屏</translation>
    </message>
    <message>
        <source>Play a sound with notifications</source>
        <translation>通知时播放声音</translation>
    </message>
    <message>
        <source>mute, silent</source>
        <translation>静音、无声</translation>
    </message>
    <message>
        <source>Contacts may ask for my attention</source>
        <translation>允许联系人戳一戳我</translation>
    </message>
    <message>
        <source>nudge, buzz</source>
        <translation>戳一下、震动</translation>
    </message>
    <message>
        <source>Chats that are muted stay quiet. A chat is muted in its menu, for as long as you choose.</source>
        <translation>已设为免打扰的会话不会提醒。可在会话的菜单中设置免打扰及其时长。</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>标为已读</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Waiting for your keyring. Unlock it in its own window to go on.</source>
        <translation>正在等待密钥环。请在它的窗口中解锁后继续。</translation>
    </message>
    <message>
        <source>Go on without it</source>
        <translation>不使用密钥环</translation>
    </message>
</context>
<context>
    <name>OwnHeader</name>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>重新连接</translation>
    </message>
    <message>
        <source>Sign in again…</source>
        <translation>重新登录…</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Go to</source>
        <translation>跳转到</translation>
    </message>
    <message>
        <source>Name or address</source>
        <translation>名称或地址</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到结果</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>已归档</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新会话</translation>
    </message>
</context>
<context>
    <name>PasswordEdit</name>
    <message>
        <source>Hide password</source>
        <translation>隐藏密码</translation>
    </message>
    <message>
        <source>Show password</source>
        <translation>显示密码</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>typing…</source>
        <translation>正在输入…</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>忙碌</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>What contacts are told</source>
        <translation>联系人可得知的信息</translation>
    </message>
    <message>
        <source>Tell contacts when I am writing to them</source>
        <translation>告诉联系人我正在输入</translation>
    </message>
    <message>
        <source>typing</source>
        <translation>正在输入</translation>
    </message>
    <message>
        <source>Tell contacts when I have read their messages</source>
        <translation>让联系人知道我已读消息</translation>
    </message>
    <message>
        <source>read markers, receipts, ticks</source>
        <translation>已读标记、回执、对勾</translation>
    </message>
    <message>
        <source>Tell contacts since when I am away</source>
        <translation>告诉联系人我从何时起离开</translation>
    </message>
    <message>
        <source>last seen, idle</source>
        <translation>最后在线、空闲</translation>
    </message>
    <message>
        <source>Who may write</source>
        <translation>谁可以发消息</translation>
    </message>
    <message>
        <source>Take messages from</source>
        <translation>接收谁的消息</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>Contacts and people I wrote to</source>
        <translation>联系人和我发过消息的人</translation>
    </message>
    <message>
        <source>strangers, unknown people, spam</source>
        <translation>陌生人、垃圾消息</translation>
    </message>
    <message>
        <source>If only those may write, what others write is neither shown nor answered here; your provider and your other devices may keep it. They can still ask to become a contact.</source>
        <translation>如果只接收这些人的消息，其他人发来的消息在这里既不显示也不回应；服务商和你的其他设备可能仍会保留。他们仍可请求成为联系人。</translation>
    </message>
    <message>
        <source>Blocked addresses</source>
        <translation>已屏蔽的地址</translation>
    </message>
    <message>
        <source>unblock, ban, ignore</source>
        <translation>取消屏蔽、封禁、忽略</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Fetch pictures of contacts up to</source>
        <translation>自动获取联系人的图片，不超过</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>download, previews, images, media</source>
        <translation>下载、预览、图片、媒体</translation>
    </message>
</context>
<context>
    <name>ProfileDialog</name>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>Choose picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>Remove picture</source>
        <translation>移除图片</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>This file is not a picture that can be used.</source>
        <translation>此文件不是可用的图片。</translation>
    </message>
    <message>
        <source>Loading what your provider has…</source>
        <translation>正在从服务商加载…</translation>
    </message>
    <message>
        <source>The rest can be edited once you are connected.</source>
        <translation>连接后即可编辑其余内容。</translation>
    </message>
    <message>
        <source>Choose picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Nickname</source>
        <translation>昵称</translation>
    </message>
    <message>
        <source>About</source>
        <translation>简介</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Your contacts see this. Some providers show it to others too.</source>
        <translation>你的联系人可以看到这些内容。有些服务商也会向其他人显示。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Website</source>
        <translation>网站</translation>
    </message>
    <message>
        <source>Birthday</source>
        <translation>生日</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>职务</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>城市</translation>
    </message>
</context>
<context>
    <name>ProfileInput</name>
    <message>
        <source>Write the whole address, such as https://example.org</source>
        <translation>请填写完整地址，例如 https://example.org</translation>
    </message>
    <message>
        <source>Write an email address, such as anna@example.org</source>
        <translation>请填写电子邮件地址，例如 anna@example.org</translation>
    </message>
    <message>
        <source>Write year, month and day, such as 1990-05-31</source>
        <translation>请填写年、月、日，例如 1990-05-31</translation>
    </message>
</context>
<context>
    <name>QuickReactions</name>
    <message>
        <source>React</source>
        <translation>表情回应</translation>
    </message>
    <message>
        <source>More emoji</source>
        <translation>更多表情</translation>
    </message>
</context>
<context>
    <name>Reacting</name>
    <message>
        <source>React…</source>
        <translation>表情回应…</translation>
    </message>
    <message>
        <source>You</source>
        <translation>我</translation>
    </message>
    <message>
        <source>{emoji} from {names}</source>
        <translation>{names} 的 {emoji}</translation>
    </message>
    <message>
        <source>Reactions: {list}</source>
        <translation>表情回应：{list}</translation>
    </message>
</context>
<context>
    <name>Refusing</name>
    <message>
        <source>Not corrected: they still see the former text</source>
        <translation>未能更正：对方看到的仍是原文</translation>
    </message>
    <message>
        <source>Not corrected: {reason}. They still see the former text.</source>
        <translation>未能更正：{reason}。对方看到的仍是原文。</translation>
    </message>
    <message>
        <source>Not deleted for them: they may still see it</source>
        <translation>对方那里未删除：对方可能仍能看到</translation>
    </message>
    <message>
        <source>Not deleted for them: {reason}. They may still see it.</source>
        <translation>对方那里未删除：{reason}。对方可能仍能看到。</translation>
    </message>
    <message>
        <source>Your reaction was not taken</source>
        <translation>你的表情回应未被接受</translation>
    </message>
    <message>
        <source>Your reaction was not taken: {reason}</source>
        <translation>你的表情回应未被接受：{reason}</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>RememberPassword</name>
    <message>
        <source>Remember password</source>
        <translation>记住密码</translation>
    </message>
    <message>
        <source>in your keyring</source>
        <translation>保存在你的密钥环中</translation>
    </message>
    <message>
        <source>There is no keyring that Whimbrel can use, so the password is kept for this session only.</source>
        <translation>没有 Whimbrel 可用的密钥环，因此密码只在本次运行期间保留。</translation>
    </message>
    <message>
        <source>The password is kept for this session only.</source>
        <translation>密码只在本次运行期间保留。</translation>
    </message>
</context>
<context>
    <name>RemoveAccountDialog</name>
    <message>
        <source>Remove {address}?</source>
        <translation>移除 {address} 吗？</translation>
    </message>
    <message>
        <source>Its history and contacts on this computer go too, and its password in your keyring. The account at the provider stays, and you can sign in again.</source>
        <translation>它在这台电脑上的聊天记录和联系人，以及密钥环中的密码也会一并移除。服务商处的账号仍会保留，你可以重新登录。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在移除…</translation>
    </message>
</context>
<context>
    <name>RemoveDialog</name>
    <message>
        <source>Remove contact</source>
        <translation>移除联系人</translation>
    </message>
    <message>
        <source>You will no longer see when they are online, and they will no longer see you. Your conversation is kept.</source>
        <translation>你们将不再能看到彼此的在线状态。会话会保留。</translation>
    </message>
    <message>
        <source>Block this address too</source>
        <translation>同时屏蔽此地址</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>ReplyStrip</name>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Cancel reply</source>
        <translation>取消回复</translation>
    </message>
    <message>
        <source>Reply to {name}</source>
        <translation>回复 {name}</translation>
    </message>
    <message>
        <source>Reply to yourself</source>
        <translation>回复自己</translation>
    </message>
</context>
<context>
    <name>Replying</name>
    <message>
        <source>Reply to {name}: {text}</source>
        <translation>回复 {name}：{text}</translation>
    </message>
    <message>
        <source>Go to the original message</source>
        <translation>跳转到原消息</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Original message not found</source>
        <translation>未找到原消息</translation>
    </message>
    <message>
        <source>The original message is not here.</source>
        <translation>原消息不在这里。</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Report a problem</source>
        <translation>报告问题</translation>
    </message>
    <message>
        <source>What happened?</source>
        <translation>发生了什么？</translation>
    </message>
    <message>
        <source>What did you do, what did you expect, what came instead?</source>
        <translation>你做了什么？期望发生什么？实际发生了什么？</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Nothing is sent. Read it, change or take away what you like, then pass it on yourself.</source>
        <translation>不会发送任何内容。请先查看，可随意修改或删减，然后由你自己转交。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Changed settings</source>
        <translation>已更改的设置</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>The file cannot be written there. Choose another folder or another name.</source>
        <translation>无法在该位置写入文件。请选择其他文件夹或文件名。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
</context>
<context>
    <name>RequestDialog</name>
    <message>
        <source>Contact request</source>
        <translation>联系人请求</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>Decline all</source>
        <translation>全部拒绝</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>稍后</translation>
    </message>
    <message>
        <source>Review one by one</source>
        <translation>逐个查看</translation>
    </message>
    <message>
        <source>1 of {count}</source>
        <translation>第 1 个，共 {count} 个</translation>
    </message>
    <message>
        <source>No request is waiting.</source>
        <translation>没有待处理的请求。</translation>
    </message>
    <message numerus="yes">
        <source>%n people would like to chat with you and see when you are online.</source>
        <translation>
            <numerusform>有 %n 人想和你聊天，并查看你的在线状态。</numerusform>
        </translation>
    </message>
    <message>
        <source>would like to chat with you and see when you are online.</source>
        <translation>想和你聊天，并查看你的在线状态。</translation>
    </message>
    <message>
        <source>To your account {address}</source>
        <translation>发给你的账号 {address}</translation>
    </message>
</context>
<context>
    <name>RequestNotice</name>
    <message>
        <source>Contact request</source>
        <translation>联系人请求</translation>
    </message>
    <message numerus="yes">
        <source>%n contact requests</source>
        <translation>
            <numerusform>%n 个联系人请求</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RequestsBar</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>查看</translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{address} and %n more</source>
        <translation>
            <numerusform>{address} 和另外 %n 人</numerusform>
        </translation>
    </message>
    <message>
        <source>1 request</source>
        <translation>1 个请求</translation>
    </message>
</context>
<context>
    <name>Search</name>
    <message>
        <source>You</source>
        <translation>我</translation>
    </message>
    <message>
        <source>Has a file</source>
        <translation>含文件</translation>
    </message>
    <message>
        <source>Has a link</source>
        <translation>含链接</translation>
    </message>
    <message>
        <source>Has %1</source>
        <translation>含 %1</translation>
    </message>
    <message>
        <source>From %1</source>
        <translation>发送者：%1</translation>
    </message>
    <message>
        <source>In %1</source>
        <translation>会话：%1</translation>
    </message>
    <message>
        <source>Before %1</source>
        <translation>早于 %1</translation>
    </message>
    <message>
        <source>After %1</source>
        <translation>晚于 %1</translation>
    </message>
    <message>
        <source>No chat and no contact is called “%1”.</source>
        <translation>没有名为“%1”的会话或联系人。</translation>
    </message>
    <message>
        <source>Nothing has been said with “%1” yet.</source>
        <translation>与“%1”尚无任何消息。</translation>
    </message>
    <message>
        <source>“%1” is no day, so it does not count: write %2 or %3.</source>
        <translation>“%1”不是日期，因此不起作用：请输入 %2 或 %3。</translation>
    </message>
    <message>
        <source>“%1” cannot be looked for: only files (has:file) and links (has:link).</source>
        <translation>无法查找“%1”：只能查找文件（has:file）和链接（has:link）。</translation>
    </message>
    <message>
        <source>No day is after the one and before the other.</source>
        <translation>没有既晚于前者又早于后者的日期。</translation>
    </message>
    <message>
        <source>me</source>
        <translation>我</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>我</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>A week ago</source>
        <translation>一周前</translation>
    </message>
    <message>
        <source>A month ago</source>
        <translation>一个月前</translation>
    </message>
    <message>
        <source>A year ago</source>
        <translation>一年前</translation>
    </message>
    <message>
        <source>Choose a day…</source>
        <translation>选择日期…</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Search in this conversation</source>
        <translation>在此会话中搜索</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>匹配项</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个匹配项</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个匹配项</translation>
    </message>
    <message>
        <source>Close search</source>
        <translation>关闭搜索</translation>
    </message>
    <message>
        <source>Trouble with a filter</source>
        <translation>筛选条件有误</translation>
    </message>
    <message>
        <source>more than %1</source>
        <translation>超过 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
</context>
<context>
    <name>SearchHere</name>
    <message>
        <source>Search in this conversation</source>
        <translation>在此会话中搜索</translation>
    </message>
    <message>
        <source>Export conversation…</source>
        <translation>导出会话…</translation>
    </message>
    <message>
        <source>Delete conversation…</source>
        <translation>删除会话…</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>Search everywhere</source>
        <translation>全局搜索</translation>
    </message>
    <message>
        <source>Search all messages</source>
        <translation>搜索所有消息</translation>
    </message>
    <message>
        <source>Close search</source>
        <translation>关闭搜索</translation>
    </message>
    <message>
        <source>Trouble with a filter</source>
        <translation>筛选条件有误</translation>
    </message>
    <message>
        <source>Messages found</source>
        <translation>找到的消息</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到结果</translation>
    </message>
    <message numerus="yes">
        <source>More than %Ln messages, the newest first</source>
        <translation>
            <numerusform>超过 %Ln 条消息，最新的在前</numerusform>
        </translation>
    </message>
    <message>
        <source>1 message</source>
        <translation>1 条消息</translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages</source>
        <translation>
            <numerusform>%Ln 条消息</numerusform>
        </translation>
    </message>
    <message>
        <source>Older messages are still being prepared for searching.</source>
        <translation>较早的消息仍在准备，稍后可搜索。</translation>
    </message>
    <message>
        <source>Words, their beginnings, or “a phrase” in quotes. Filters narrow it down.</source>
        <translation>可输入词语、词语的开头，或用引号括起的“短语”。筛选条件可缩小范围。</translation>
    </message>
</context>
<context>
    <name>Security</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Direct TLS</source>
        <translation>直接 TLS</translation>
    </message>
    <message>
        <source>STARTTLS</source>
        <translation>STARTTLS</translation>
    </message>
</context>
<context>
    <name>SendingFiles</name>
    <message>
        <source>Take out the files that cannot be sent, then send the rest.</source>
        <translation>请先移除无法发送的文件，再发送其余文件。</translation>
    </message>
    <message>
        <source>Send files</source>
        <translation>发送文件</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>These are too many files at once. Send the others later.</source>
        <translation>一次选择的文件太多，请稍后再发送其余文件。</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>{size}: too large, your provider takes at most {most}</source>
        <translation>{size}：太大，服务商最多接受 {most}</translation>
    </message>
    <message>
        <source>This is a folder: send the files in it</source>
        <translation>这是文件夹：请发送其中的文件</translation>
    </message>
    <message>
        <source>This is not there any more, or is not a file</source>
        <translation>文件已不存在，或不是文件</translation>
    </message>
    <message>
        <source>This cannot be read: you may not open it</source>
        <translation>无法读取：你没有打开它的权限</translation>
    </message>
    <message>
        <source>This picture is damaged, so where it was taken cannot be removed from it</source>
        <translation>图片已损坏，无法移除其中的拍摄地点</translation>
    </message>
    <message>
        <source>The disk is full or cannot be written to</source>
        <translation>磁盘已满或无法写入</translation>
    </message>
    <message>
        <source>This cannot be sent</source>
        <translation>无法发送</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Your provider does not take files</source>
        <translation>你的服务商不接受文件</translation>
    </message>
    <message>
        <source>Attach files of at most {size}</source>
        <translation>添加文件（最大 {size}）</translation>
    </message>
    <message>
        <source>Sending {done} of {size}</source>
        <translation>正在发送 {done}，共 {size}</translation>
    </message>
    <message>
        <source>Not sent yet, tried again soon</source>
        <translation>尚未发送，稍后重试</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Found settings</source>
        <translation>找到的设置</translation>
    </message>
    <message>
        <source>Nothing is found.</source>
        <translation>未找到任何内容。</translation>
    </message>
    <message>
        <source>Back to the pages</source>
        <translation>返回页面列表</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsPages</name>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>History</source>
        <translation>聊天记录</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>SharedFiles</name>
    <message>
        <source>Pictures and files</source>
        <translation>图片和文件</translation>
    </message>
    <message>
        <source>This file is not there any more.</source>
        <translation>此文件已不存在。</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Send the message</source>
        <translation>发送消息</translation>
    </message>
    <message>
        <source>New line in the message</source>
        <translation>消息换行</translation>
    </message>
    <message>
        <source>Edit the last message</source>
        <translation>编辑上一条消息</translation>
    </message>
    <message>
        <source>Search in this conversation</source>
        <translation>在此会话中搜索</translation>
    </message>
    <message>
        <source>Reply to the message</source>
        <translation>回复消息</translation>
    </message>
    <message>
        <source>React to the message</source>
        <translation>用表情回应消息</translation>
    </message>
    <message>
        <source>First to ninth chat</source>
        <translation>第一到第九个会话</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation>跳转到…</translation>
    </message>
    <message>
        <source>New conversation…</source>
        <translation>新会话…</translation>
    </message>
    <message>
        <source>Notes to self</source>
        <translation>我的笔记</translation>
    </message>
    <message>
        <source>Next chat</source>
        <translation>下一个会话</translation>
    </message>
    <message>
        <source>Previous chat</source>
        <translation>上一个会话</translation>
    </message>
    <message>
        <source>Next unread chat</source>
        <translation>下一个未读会话</translation>
    </message>
    <message>
        <source>Previous unread chat</source>
        <translation>上一个未读会话</translation>
    </message>
    <message>
        <source>Pin or unpin chat</source>
        <translation>置顶或取消置顶会话</translation>
    </message>
    <message>
        <source>Mark chat as read or unread</source>
        <translation>将会话标为已读或未读</translation>
    </message>
    <message>
        <source>Mute or unmute chat…</source>
        <translation>开启或关闭会话免打扰…</translation>
    </message>
    <message>
        <source>Archive or unarchive chat</source>
        <translation>归档或取消归档会话</translation>
    </message>
    <message>
        <source>Search everywhere…</source>
        <translation>全局搜索…</translation>
    </message>
    <message>
        <source>Export everything…</source>
        <translation>导出全部…</translation>
    </message>
    <message>
        <source>Delete old messages…</source>
        <translation>删除旧消息…</translation>
    </message>
    <message>
        <source>Next region</source>
        <translation>下一个区域</translation>
    </message>
    <message>
        <source>Previous region</source>
        <translation>上一个区域</translation>
    </message>
    <message>
        <source>Close conversation</source>
        <translation>关闭会话</translation>
    </message>
    <message>
        <source>Open in new window</source>
        <translation>在新窗口中打开</translation>
    </message>
    <message>
        <source>Add account…</source>
        <translation>添加账号…</translation>
    </message>
    <message>
        <source>Accounts…</source>
        <translation>账号…</translation>
    </message>
    <message>
        <source>Profile…</source>
        <translation>个人资料…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Add contact…</source>
        <translation>添加联系人…</translation>
    </message>
    <message>
        <source>New group chat…</source>
        <translation>新建群聊…</translation>
    </message>
    <message>
        <source>Join group chat…</source>
        <translation>加入群聊…</translation>
    </message>
    <message>
        <source>Discover services…</source>
        <translation>发现服务…</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Normal size</source>
        <translation>正常大小</translation>
    </message>
    <message>
        <source>Report a problem…</source>
        <translation>报告问题…</translation>
    </message>
    <message>
        <source>XML console</source>
        <translation>XML 控制台</translation>
    </message>
    <message>
        <source>About Whimbrel</source>
        <translation>关于 Whimbrel</translation>
    </message>
    <message>
        <source>Chat {number}</source>
        <translation>第 {number} 个会话</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Choose an action to change its keys. Changes count at once, in menus too.</source>
        <translation>选择一项操作以更改其按键。更改立即生效，菜单中也一样。</translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation>重置所有按键</translation>
    </message>
    <message>
        <source>usual, default, restore</source>
        <translation>默认、恢复</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>In a conversation</source>
        <translation>会话中</translation>
    </message>
    <message>
        <source>Chats by their place</source>
        <translation>按位置切换会话</translation>
    </message>
    <message>
        <source>keys, keyboard, hotkey</source>
        <translation>按键、键盘、热键</translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>name@example.org</source>
        <translation>name@example.org</translation>
    </message>
    <message>
        <source>Enter the password.</source>
        <translation>请输入密码。</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Looking up {domain}…</source>
        <translation>正在查找 {domain}…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Securing…</source>
        <translation>正在建立加密连接…</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>正在登录…</translation>
    </message>
    <message>
        <source>Fetching contacts…</source>
        <translation>正在获取联系人…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Chat with friends, on any provider.</source>
        <translation>和朋友聊天，不限服务商。</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation>注册账号</translation>
    </message>
</context>
<context>
    <name>StartTrouble</name>
    <message>
        <source>Whimbrel cannot write where it keeps its files ({error}). Make that folder writable or free some space, or start Whimbrel with another one: whimbrel --profile FOLDER</source>
        <translation>Whimbrel 无法写入其存放文件的位置（{error}）。请让该文件夹可写或腾出空间，或用其他文件夹启动 Whimbrel：whimbrel --profile FOLDER</translation>
    </message>
    <message>
        <source>Whimbrel is running already, but it does not answer. End it, then start it again.</source>
        <translation>Whimbrel 已在运行，但没有响应。请先结束它，然后重新启动。</translation>
    </message>
</context>
<context>
    <name>StatusMenu</name>
    <message>
        <source>Profile…</source>
        <translation>个人资料…</translation>
    </message>
    <message>
        <source>Status message</source>
        <translation>状态签名</translation>
    </message>
</context>
<context>
    <name>StatusPage</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>presence, online, away, busy, invisible</source>
        <translation>在线状态、在线、离开、忙碌、隐身</translation>
    </message>
    <message>
        <source>Status message</source>
        <translation>状态签名</translation>
    </message>
    <message>
        <source>mood, note</source>
        <translation>心情、备注</translation>
    </message>
    <message>
        <source>Away without input after</source>
        <translation>无操作超过此时间显示为离开</translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>idle, automatically</source>
        <translation>空闲、自动</translation>
    </message>
</context>
<context>
    <name>StopTrustingDialog</name>
    <message>
        <source>Stop trusting this certificate?</source>
        <translation>不再信任此证书？</translation>
    </message>
    <message>
        <source>{address} then signs in only where the certificate of {provider} is right for everybody. Where it is not, the account is not connected until you trust a certificate again.</source>
        <translation>此后只有当 {provider} 的证书对所有人都有效时，{address} 才会登录。否则在你再次信任某个证书之前，该账号不会连接。</translation>
    </message>
    <message>
        <source>Stop trusting</source>
        <translation>不再信任</translation>
    </message>
</context>
<context>
    <name>StorageTroubleDialog</name>
    <message>
        <source>The history cannot be opened</source>
        <translation>无法打开聊天记录</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Set it aside and start fresh</source>
        <translation>保留旧文件，重新开始</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Set aside, the file stays beside the new one under another name, and your contacts come back from your provider. You will be asked to sign in again.</source>
        <translation>旧文件会改名保留在新文件旁边，联系人会从服务商处取回。你需要重新登录。</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Not delivered</source>
        <translation>未送达</translation>
    </message>
    <message>
        <source>Not delivered: {reason}</source>
        <translation>未送达：{reason}</translation>
    </message>
    <message>
        <source>Discard this message?</source>
        <translation>丢弃此消息？</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>Message deleted</source>
        <translation>消息已删除</translation>
    </message>
</context>
<context>
    <name>TimelineModel</name>
    <message>
        <source>You</source>
        <translation>我</translation>
    </message>
</context>
<context>
    <name>TimelineView</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Discard this message?</source>
        <translation>丢弃此消息？</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Whimbrel</source>
        <translation>打开 Whimbrel</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message numerus="yes">
        <source>Whimbrel, %n unread</source>
        <translation>
            <numerusform>Whimbrel，%n 条未读</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrustBox</name>
    <message>
        <source>This is my own server</source>
        <translation>这是我自己的服务器</translation>
    </message>
    <message>
        <source>If you run this server, or its owner told you the fingerprint in person, you can have Whimbrel accept exactly this certificate for {whose}, and no other, whoever issued it. On somebody else&apos;s server, do not.</source>
        <translation>如果你运营这台服务器，或其所有者当面告知过你指纹，你可以让 Whimbrel 为 {whose} 只接受这一个证书，不接受其他任何证书，无论由谁颁发。对于别人的服务器，请不要这样做。</translation>
    </message>
    <message>
        <source>I have compared the fingerprint with the one of my server</source>
        <translation>我已核对过指纹，与我的服务器一致</translation>
    </message>
    <message>
        <source>Trust this certificate</source>
        <translation>信任此证书</translation>
    </message>
</context>
<context>
    <name>TrustSection</name>
    <message>
        <source>Stop trusting…</source>
        <translation>不再信任…</translation>
    </message>
    <message>
        <source>Only this certificate is accepted, whoever issued it:</source>
        <translation>只接受此证书，无论由谁颁发：</translation>
    </message>
    <message>
        <source>The provider has offered {mechanism} to sign in with. Less than that is refused.</source>
        <translation>服务商曾提供 {mechanism} 登录方式。比它弱的方式会被拒绝。</translation>
    </message>
    <message>
        <source>Accept weaker sign-in…</source>
        <translation>接受较弱的登录方式…</translation>
    </message>
</context>
<context>
    <name>VersionsDialog</name>
    <message>
        <source>Edits</source>
        <translation>修改记录</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>First sent: {when}</source>
        <translation>首次发送：{when}</translation>
    </message>
</context>
<context>
    <name>ViewerWindow</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>重新播放</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit to window</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Previous picture</source>
        <translation>上一张图片</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>下一张图片</translation>
    </message>
    <message>
        <source>You</source>
        <translation>我</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 张，共 {count} 张</translation>
    </message>
    <message>
        <source>This picture cannot be shown. Open it with another program, or save it.</source>
        <translation>无法显示此图片。请用其他程序打开，或保存它。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>This picture has not been fetched yet.</source>
        <translation>此图片尚未获取。</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>获取</translation>
    </message>
    <message>
        <source>Show in conversation</source>
        <translation>在会话中查看</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>This picture cannot be copied.</source>
        <translation>无法复制此图片。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>WebLink</name>
    <message>
        <source>Open the provider&apos;s web page</source>
        <translation>打开服务商的网页</translation>
    </message>
    <message>
        <source>Web address</source>
        <translation>网址</translation>
    </message>
    <message>
        <source>Copy web address</source>
        <translation>复制网址</translation>
    </message>
</context>
<context>
    <name>_SuggestionMenu</name>
    <message>
        <source>No suggestions</source>
        <translation>无建议</translation>
    </message>
    <message>
        <source>Add to dictionary</source>
        <translation>添加到词典</translation>
    </message>
</context>
</TS>
