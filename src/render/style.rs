//! How mails look: inline styles for clients that know nothing else, and the few rules that only a style sheet can say.
//! In: nothing. Out: CSS. Nothing in it is loaded from anywhere.

/// Dark colours and small screens. `!important`, as the inline styles stand in the way; a client without style sheets shows the light design.
pub(super) const SHEET: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
a{text-decoration:none}a:hover{text-decoration:underline}\
bdi{unicode-bidi:isolate}\
@media (max-width:480px){.out{padding:0!important}.sheet{border:0!important;border-radius:0!important}\
.pad{padding:20px 18px!important}h1{font-size:21px!important}.label{display:block!important;width:auto!important;padding:8px 0 0!important}\
.fact{display:block!important;padding:0 0 8px!important;border:0!important}}\
@media (prefers-color-scheme:dark){.out{background:#11151a!important}.sheet{background:#1a2027!important;border-color:#2c3640!important}\
.ink{color:#e7ecf1!important}.soft{color:#9ba8b5!important}.accent{color:#62cbc2!important}.rule{border-color:#2c3640!important}\
.quote{border-color:#3d4a57!important}.hit{background:#57470d!important;color:#fff1bd!important}\
.loud{background:#4d211b!important;color:#ffb9ad!important}.quiet{background:#29333d!important;color:#b6c2ce!important}\
.panel{background:#212932!important}.bar{background:#2f7f79!important}.last{background:#62cbc2!important}.none{background:#2c3640!important}.button{background:#1f8079!important}.button a{color:#fff!important}}";

/// The body and the table around everything.
pub(super) const OUT: &str = "margin:0;padding:24px 12px;background:#eef1f4;";
/// The sheet: no wider than a mail is read.
pub(super) const PAPER: &str = "width:100%;max-width:640px;background:#ffffff;border:1px solid #dfe4ea;border-radius:10px;\
border-collapse:separate;";
/// Its inside, with the fonts that the reader's system has for each script.
pub(super) const PAD: &str = "padding:28px 32px;text-align:left;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',\
'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',Arial,sans-serif;font-size:16px;line-height:1.55;color:#1b242e;\
overflow-wrap:anywhere;word-break:break-word;";
/// What the inbox shows after the subject.
pub(super) const PREHEADER: &str =
    "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:transparent;";

/// The small line above a title.
pub(super) const KICKER: &str = "margin:0 0 10px;font-size:14px;line-height:1.5;font-weight:600;color:#0a6b66;";
/// A mark beside it.
pub(super) const BADGE: &str = "display:inline-block;margin:0 0 0 8px;padding:1px 8px;border-radius:9px;font-size:12px;font-weight:600;\
line-height:1.5;white-space:nowrap;";
/// Colours of a loud mark.
pub(super) const LOUD: &str = "background:#fde6e1;color:#9c2416;";
/// Colours of a quiet mark.
pub(super) const QUIET: &str = "background:#e9eef3;color:#44515e;";
/// The title of the whole mail.
pub(super) const H1: &str = "margin:0 0 8px;font-size:24px;line-height:1.3;font-weight:700;color:#1b242e;";
/// The title of a rule's stories.
pub(super) const H2: &str = "margin:32px 0 0;padding:0 0 6px;font-size:18px;line-height:1.35;font-weight:700;color:#0a6b66;border-bottom:2px solid #dfe4ea;";
/// The title of a story.
pub(super) const H3: &str = "margin:0 0 4px;font-size:17px;line-height:1.4;font-weight:600;color:#1b242e;";
/// One story of a digest.
pub(super) const STORY: &str = "padding:18px 0 16px;border-bottom:1px solid #dfe4ea;";
/// What a title takes on where it runs from right to left.
pub(super) const RTL: &str = "text-align:right;";
/// The bars of a rule's last days.
pub(super) const CHART: &str = "margin:12px 0 0;";
/// The height of the highest bar.
pub(super) const CHART_PX: u32 = 32;
/// The place of a bar.
pub(super) const BAR_CELL: &str = "width:12px;padding:0;vertical-align:bottom;font-size:0;line-height:0;";
/// The shape of a bar.
pub(super) const BAR_ROUND: &str = "width:9px;font-size:0;line-height:0;border-radius:2px 2px 0 0;";
/// The colour of a day with alerts.
pub(super) const BAR: &str = "#8cbfbb";
/// The colour of the last day.
pub(super) const BAR_LAST: &str = "#0a6b66";
/// The colour of a day without any.
pub(super) const BAR_NONE: &str = "#dfe4ea";
/// What the bars say, in words.
pub(super) const CHART_WORDS: &str =
    "padding:0 0 0 12px;vertical-align:bottom;font-size:13px;line-height:1.3;color:#586572;";
/// A kind of near miss.
pub(super) const MISS: &str = "margin:8px 0 0;font-size:14px;line-height:1.5;color:#1b242e;";
/// A word about what is not shown, a reason.
pub(super) const EVENT: &str = "margin:16px 0 -6px;font-size:14px;line-height:1.5;color:#586572;";
pub(super) const ASIDE: &str = "margin:10px 0 0;font-size:14px;line-height:1.5;color:#586572;";
/// A heading without a line under it.
pub(super) const BARE: &str = "border:0;";
/// The name beside a hit, whatever the weight of the text around it.
pub(super) const LATIN: &str = "color:#586572;font-weight:400;";
/// A link that looks like the text around it.
pub(super) const TITLE_LINK: &str = "color:#1b242e;text-decoration:none;";
/// Any other link.
pub(super) const LINK: &str = "color:#0a6b66;text-decoration:underline;";
/// Who, when, where.
pub(super) const META: &str = "margin:0;font-size:14px;line-height:1.5;color:#586572;";
/// A paragraph.
pub(super) const TEXT: &str = "margin:14px 0 0;";
/// A sentence with hits, in a script from left to right.
pub(super) const QUOTE: &str = "margin:14px 0 0;padding:0 0 0 14px;border-left:3px solid #cfd7df;";
/// The same from right to left.
pub(super) const QUOTE_RTL: &str =
    "margin:14px 0 0;padding:0 14px 0 0;border-right:3px solid #cfd7df;text-align:right;";
/// A hit.
pub(super) const HIT: &str = "background:#ffeeb3;color:#2a2000;font-weight:700;padding:0 2px;border-radius:3px;";
/// The cell of a button; Outlook paints cells, not links.
pub(super) const BUTTON: &str = "background:#0a6b66;border-radius:7px;padding:10px 18px;";
/// The link in it.
pub(super) const BUTTON_LINK: &str =
    "color:#ffffff;text-decoration:none;font-size:15px;font-weight:600;line-height:1.35;";
/// Facts in two columns.
pub(super) const FACTS: &str = "width:100%;margin:14px 0 0;border-collapse:collapse;";
/// The left one.
pub(super) const LABEL: &str = "width:126px;padding:7px 14px 7px 0;border-top:1px solid #dfe4ea;vertical-align:top;font-size:14px;line-height:1.5;color:#586572;";
/// The right one.
pub(super) const FACT: &str =
    "padding:7px 0;border-top:1px solid #dfe4ea;vertical-align:top;font-size:14px;line-height:1.5;color:#1b242e;";
/// Text that stands as it was typed.
pub(super) const TYPED: &str = "margin:14px 0 0;padding:12px 14px;background:#f3f5f8;border-radius:7px;font-family:ui-monospace,SFMono-Regular,\
Menlo,Consolas,'Noto Sans Mono',monospace;font-size:13px;line-height:1.5;white-space:pre-wrap;color:#1b242e;";
/// The verdict of an empty digest, a late one's excuse.
pub(super) const PANEL: &str = "margin:16px 0 0;padding:12px 16px;background:#f3f5f8;border-radius:7px;color:#1b242e;";
/// The last line.
pub(super) const FOOT: &str =
    "margin:26px 0 0;padding:14px 0 0;border-top:1px solid #dfe4ea;font-size:12px;line-height:1.6;color:#586572;";
