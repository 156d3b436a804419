//! YAML and JSON: shell steps of workflows, commands of containers, tasks of
//! playbooks, scripts of packages.

use std::sync::Arc;

use super::commands::{Piece, Scalar, language_of, request, script, words};
use super::region::Region;
use super::{Extracted, collection, commands, given, tasks, template, told_requests};
use crate::scan::language::Language;
use crate::text::{self, Kind, Node, Tree};

/// Most YAML documents of one file.
const MAX_DOCUMENTS: usize = 2_000;
/// Most variables that a step is given.
const MAX_VARIABLES: usize = 200;

/// Most turns of a loop, or values of a matrix, that are told apart.
const MAX_TURNS: usize = 24;

/// Variables that a step sees.
type Variables<'t> = Vec<Given<'t>>;

/// What a step is given.
#[derive(Clone)]
enum Given<'t> {
    /// A variable, by its name.
    Is(&'t str, Scalar<'t>),
    /// A list, by its name.
    List(&'t str, Node<'t>),
    /// Names that have other values in each turn of a loop, or run of a matrix.
    OneOf(Vec<Turn<'t>>),
}

/// What names are in one turn of a loop.
type Turn<'t> = Vec<(String, Told<'t>)>;

/// A value of this file, or of one beside it.
#[derive(Clone)]
enum Told<'t> {
    Here(Scalar<'t>),
    Beside(String),
}

/// Reads a YAML file, which may hold several documents; `raw` is the text with its placeholders.
pub(super) fn of_yaml(text: &str, raw: &str, beside: &given::Given) -> Extracted {
    let mut out = Extracted::default();
    for (base, document) in documents(text).into_iter().take(MAX_DOCUMENTS) {
        let blank = document.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        if blank {
            continue;
        }
        match text::parse(document.into()) {
            Ok(tree) => read(&tree, base, (Language::Yaml, raw), beside, &mut out.regions),
            Err(error) => {
                out.unreadable.get_or_insert(base + error.span.start as usize);
            }
        }
    }
    out
}

/// The documents of a YAML text with the places where they begin.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let marker = line.trim_end();
        if marker == "---" || marker.starts_with("--- ") || marker == "..." {
            out.push((start, &text[start..at]));
            // What follows the marker on its line is a comment or a tag.
            start = at + line.len();
        }
        at += line.len();
    }
    out.push((start, &text[start..]));
    out
}

/// Reads a JSON file.
pub(super) fn of_json(text: &str) -> Extracted {
    let mut out = Extracted::default();
    match text::parse(text.into()) {
        Ok(tree) => {
            if !collection::extract(&tree, 0, Language::Json, &mut out.regions) {
                read(&tree, 0, (Language::Json, text), &given::Given::default(), &mut out.regions);
                for entry in tree.root().get("scripts").into_iter().flat_map(Node::entries) {
                    let node = entry.value;
                    if node.kind() == Kind::String {
                        out.regions.extend(script(Scalar { node, base: 0 }, Language::Shell));
                    }
                }
            }
        }
        Err(error) => out.unreadable = Some(error.span.start as usize),
    }
    out
}

/// Reads one tree.
fn read(
    tree: &Tree,
    base: usize,
    (shown, raw): (Language, &str),
    beside: &given::Given,
    out: &mut Vec<Region>,
) {
    let root = tree.root();
    // Descriptions of an API hold examples of calls, and make none.
    if root.get("openapi").is_some() || root.get("swagger").is_some() {
        return;
    }
    if collection::extract(tree, base, shown, out) {
        return;
    }
    let target = told_requests::target(root, base);
    let composed = root.get("services").is_some_and(Node::is_object);
    let mut open: Vec<(Node<'_>, Arc<Variables<'_>>)> = vec![(root, Arc::new(Vec::new()))];
    let mut seen = rustc_hash::FxHashSet::default();
    while let Some((node, above)) = open.pop() {
        // Aliases share what they stand for.
        if !seen.insert(node.id()) {
            continue;
        }
        let variables = if node.is_object() { with_own(node, base, &above, beside) } else { above };
        if node.is_object() {
            let told = told_requests::of(node, base, target, shown);
            for region in object(node, base, shown, raw).into_iter().chain(told) {
                let region = if composed { with_own_dollars(region) } else { region };
                out.push(after_variables(region, &variables, beside));
            }
        }
        // What it is given is read above.
        let given = code_given(node).map(|(key, ..)| key);
        let entries = node.entries().filter(|entry| given != Some(entry.key));
        let mut children: Vec<_> = entries.map(|entry| (entry.value, variables.clone())).collect();
        let mut known = variables;
        for item in node.items() {
            children.push((item, known.clone()));
            known = with_facts(item, base, known);
        }
        open.extend(children.into_iter().rev());
    }
}

/// Compose writes a dollar sign of the shell's own as two: `$$TOKEN`.
fn with_own_dollars(region: Region) -> Region {
    let text = region.text();
    if !text.contains("$$") {
        return region;
    }
    let mut out = Region::new(region.language);
    (out.shown, out.doubtful, out.whole) = (region.shown, region.doubtful, region.whole);
    let mut from = 0;
    for (at, _) in text.match_indices("$$") {
        out.slice(&region, from..at + 1);
        from = at + 2;
    }
    out.slice(&region, from..text.len());
    out
}

/// The variables above and those of the object itself: `env` and `variables`,
/// as a map or a list of `name` and `value`.
fn with_own<'t>(
    node: Node<'t>,
    base: usize,
    above: &Arc<Variables<'t>>,
    beside: &given::Given,
) -> Arc<Variables<'t>> {
    let scalar = |node| Scalar { node, base };
    let mut own: Vec<(&str, Scalar<'_>)> = Vec::new();
    let mut lists: Variables<'_> = Vec::new();
    for key in ["env", "environment", "variables", "vars"] {
        let Some(given) = node.get(key) else { continue };
        for entry in given.entries() {
            own.push((entry.key, scalar(entry.value)));
            if entry.value.items().len() > 0 && is_plain(entry.key) {
                lists.push(Given::List(entry.key, entry.value));
            }
        }
        for item in given.items() {
            if let (Some(name), Some(value)) = (item.get("name").and_then(Node::as_str), item.get("value")) {
                own.push((name, scalar(value)));
            }
        }
    }
    own.retain(|(name, value)| is_plain(name) && is_short(*value));
    let own = own.into_iter().map(|(name, value)| Given::Is(name, value));
    let own: Variables<'_> = own.chain(lists).collect();
    let turns = turns(node, base, &[above.as_slice(), own.as_slice()].concat(), beside);
    if own.is_empty() && turns.is_empty() {
        return above.clone();
    }
    let mut all = (**above).clone();
    all.extend(own);
    all.extend(turns.into_iter().map(Given::OneOf));
    let extra = all.len().saturating_sub(MAX_VARIABLES);
    Arc::new(all.split_off(extra))
}

/// The variables that the tasks behind one see: what it sets as facts is among them.
fn with_facts<'t>(task: Node<'t>, base: usize, above: Arc<Variables<'t>>) -> Arc<Variables<'t>> {
    let Some(facts) = ["set_fact", "ansible.builtin.set_fact"].iter().find_map(|key| task.get(key)) else {
        return above;
    };
    let mut all = (*above).clone();
    let known = facts.entries().map(|entry| (entry.key, Scalar { node: entry.value, base }));
    all.extend(
        known
            .filter(|(name, value)| is_plain(name) && is_short(*value))
            .map(|(name, value)| Given::Is(name, value)),
    );
    let extra = all.len().saturating_sub(MAX_VARIABLES);
    Arc::new(all.split_off(extra))
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_short(value: Scalar<'_>) -> bool {
    let text = value.node.as_str().unwrap_or_default();
    !text.is_empty() && !text.contains('\n') && text.len() < 500
}

/// What an object repeats its steps for: Ansible's `loop` and `with_items`, GitHub's
/// `matrix`, each as the values of one turn after the other. A list may be a variable.
fn turns<'t>(
    node: Node<'t>,
    base: usize,
    variables: &[Given<'t>],
    beside: &given::Given,
) -> Vec<Vec<Turn<'t>>> {
    let of_item = move |name: &str, item: Node<'t>| -> Turn<'t> {
        let whole = std::iter::once((name.to_owned(), item));
        let parts = item.entries().map(|entry| (format!("{name}.{}", entry.key), entry.value));
        let known = whole.chain(parts).map(|(name, node)| (name, Scalar { node, base }));
        let short = known.filter(|(_, value)| is_short(*value));
        short.map(|(name, value)| (name, Told::Here(value))).collect()
    };
    let of_list = |name: &str, list: Node<'t>| -> Vec<Turn<'t>> {
        let Some(variable) = list.as_str().and_then(template::variable_alone) else {
            return list.items().map(|item| of_item(name, item)).collect();
        };
        let here = variables.iter().rev().find_map(|given| match given {
            Given::List(known, list) if *known == variable => Some(*list),
            _ => None,
        });
        if let Some(list) = here {
            return list.items().map(|item| of_item(name, item)).collect();
        }
        let held = |(key, text): &(String, String)| {
            let whole = if key.is_empty() { name.to_owned() } else { format!("{name}.{key}") };
            (whole, Told::Beside(text.clone()))
        };
        let elements = beside.list(variable).unwrap_or_default();
        elements.iter().map(|element| element.iter().map(held).collect()).collect()
    };
    let mut out = Vec::new();
    let variable = node.get("loop_control").and_then(|control| control.get("loop_var"));
    let variable = variable.and_then(Node::as_str).unwrap_or("item");
    for list in ["loop", "with_items", "with_list"].iter().filter_map(|key| node.get(key)) {
        out.push(of_list(variable, list));
    }
    let matrix = node.get("strategy").and_then(|strategy| strategy.get("matrix"));
    for entry in matrix.into_iter().flat_map(Node::entries) {
        let name = format!("matrix.{}", entry.key);
        out.push(entry.value.items().map(|item| of_item(&name, item)).collect());
    }
    out.retain(|turns| turns.iter().any(|turn| !turn.is_empty()));
    out
}

/// A region behind the assignments of the variables that it reads.
fn after_variables(mut region: Region, variables: &Variables<'_>, beside: &given::Given) -> Region {
    if region.language != Language::Shell {
        set_environment(&mut region, variables);
        return region;
    }
    for given in variables {
        // As Azure Pipelines and Kubernetes put it in.
        if let Given::Is(name, _) = given {
            region.respell(&format!("$({name})"), &format!("${{{name}}}"));
        }
    }
    let mut whole = Region::new(region.language);
    whole.shown = region.shown;
    if !beside.is_empty() {
        let mut own = Region::new(region.language);
        assign_own(&mut own, variables, &region);
        given::assign(&mut whole, beside, &format!("{}{}", own.text(), region.text()), region.start_of(0));
        whole.append(&own);
    } else {
        assign_own(&mut whole, variables, &region);
    }
    whole.append(&region);
    whole
}

/// Says at the end of a region of Python or PowerShell what stands in its environment: a setting
/// that a file gives a value itself has it wherever it is read.
fn set_environment(region: &mut Region, variables: &Variables<'_>) {
    let python = region.language == Language::Python;
    if !python && Some(region.language) != language_of("pwsh") {
        return;
    }
    let read = region.text().to_ascii_lowercase();
    for given in variables {
        let Given::Is(name, value) = given else { continue };
        if !read.contains(&name.to_ascii_lowercase()) || name.is_empty() {
            continue;
        }
        let text = template::in_quotes(value.text());
        let at = commands::start(*value);
        let head =
            if python { format!("\nos.environ[\"{name}\"] = f\"") } else { format!("\n$env:{name} = \"") };
        region.part(&head, at..at);
        value.add_as(region, &if python { text.replace("${", "{_") } else { text });
        region.glue("\"\n");
    }
}

/// Assigns what a region reads of the variables that its own file gives it.
fn assign_own(whole: &mut Region, variables: &Variables<'_>, region: &Region) {
    // What the variables that are read are made of is read too.
    let mut read = region.text().to_owned();
    for given in variables.iter().rev() {
        if let Given::Is(name, value) = given
            && (read.contains(name) || !template::spellings(&read, name).is_empty())
        {
            read.push_str(&template::for_shell(value.text()));
        }
    }
    for given in variables {
        match given {
            Given::Is(name, value) => {
                // As the shell calls it, and as the file's own placeholders do.
                let mut names = vec![
                    (*name).to_owned(),
                    template::name_of(&format!("${{{{ env.{name} }}}}")),
                    template::name_of(&format!("${{{{env.{name}}}}}")),
                ];
                names.retain(|name| read.contains(name.as_str()));
                for spelling in template::spellings(&read, name) {
                    if !names.contains(&spelling) {
                        names.push(spelling);
                    }
                }
                for name in names {
                    assign(whole, &name, *value);
                }
            }
            Given::List(..) => {}
            Given::OneOf(turns) => one_of(whole, turns, &read, region.start_of(0)),
        }
    }
}

fn assign(region: &mut Region, name: &str, value: Scalar<'_>) {
    let at = commands::start(value);
    region.part(&format!("{name}=\""), at..at);
    value.add_as(region, &template::in_quotes(value.text()));
    region.glue("\"\n");
}

/// The values of the turns, as arms of a condition of which nobody knows which is met. Those of
/// other files stand at `at`.
fn one_of(region: &mut Region, turns: &[Turn<'_>], read: &str, at: usize) {
    let mut arms = Vec::new();
    for turn in turns.iter().take(MAX_TURNS) {
        let mut arm = Region::new(region.language);
        for (name, value) in turn {
            for name in template::spellings(read, name) {
                match value {
                    Told::Here(value) => assign(&mut arm, &name, *value),
                    Told::Beside(text) => {
                        arm.part(&format!("{name}=\"{}\"\n", template::in_quotes(text)), at..at)
                    }
                }
            }
        }
        if !arm.is_empty() {
            arms.push(arm);
        }
    }
    // The others may be anything.
    let all = arms.len() == turns.len();
    let count = arms.len();
    for (at, arm) in arms.iter().enumerate() {
        region.glue(match at {
            0 if count == 1 && all => "",
            0 => "if turn; then\n",
            _ if at + 1 == count && all => "else\n",
            _ => "elif turn; then\n",
        });
        region.append(arm);
    }
    if count > 1 || count == 1 && !all {
        region.glue("fi\n");
    }
}

/// Keys whose value is a script, as one text or a list of lines.
pub(super) const SCRIPTS: [&str; 27] = [
    "run",
    "script",
    "before_script",
    "after_script",
    "bash",
    "sh",
    "shell",
    "raw",
    "cmd",
    "cmds",
    "command",
    "commands",
    "inlineScript",
    "source",
    "install",
    "before_install",
    "postCreateCommand",
    "entrypoint",
    "test",
    // Snapcraft, Flatpak, conda and cloud-init.
    "override-build",
    "override-pull",
    "override-stage",
    "override-prime",
    "build-commands",
    "post-install",
    "runcmd",
    "bootcmd",
];
/// Keys whose value, as a list, is one command.
pub(super) const WORDS: [&str; 6] = ["command", "args", "entrypoint", "argv", "test", "cmd"];
/// Keys whose value is a script of PowerShell.
pub(super) const POWERSHELL: [&str; 2] = ["pwsh", "powershell"];
/// Keys of Ansible's tasks that make a request.
pub(super) const TASKS: [&str; 4] = ["uri", "get_url", "win_uri", "win_get_url"];

/// The client code that an object itself holds.
fn object(node: Node<'_>, base: usize, shown: Language, raw: &str) -> Vec<Region> {
    let mut out = Vec::new();
    let scalar = |node| Scalar { node, base };
    let list = |key: &str| -> Vec<Scalar<'_>> {
        let items = node.get(key).into_iter().flat_map(Node::items);
        items.filter(|item| item.scalar_text().is_some()).map(scalar).collect()
    };
    // Which shell the step runs in.
    let shell = node.get("shell").and_then(Node::as_str).filter(|text| !text.contains('\n'));
    let shell = shell.and_then(language_of).unwrap_or(Language::Shell);
    let interpreter = list("command").first().and_then(|word| language_of(word.text())).unwrap_or(shell);
    if let Some((_, code, language)) = code_given(node) {
        out.extend(script(scalar(code), language));
    }
    out.extend(asked_by_action(node, base, shown));
    // What a service of Compose hands to a program that stands elsewhere.
    let image = node.get("image").and_then(Node::as_str).unwrap_or_default();
    let composed = !image.is_empty() && node.get("args").is_none();
    let command = if composed { list("command") } else { Vec::new() };
    let mut handed = match words(&[], &command) {
        Some(_) => None,
        None => words(&list("entrypoint"), &command)
            .or_else(|| script(*command.first()?, shell_in_words(node.get("entrypoint")?)?))
            .or_else(|| commands::of_image(image, &command)),
    };
    for entry in node.entries() {
        let key = entry.key.rsplit('.').next().unwrap_or(entry.key);
        let value = entry.value;
        match (key, value.kind()) {
            (key, Kind::Object) if TASKS.contains(&key) => {
                out.extend(tasks::of_map(value, base, shown, raw));
            }
            (key, Kind::String) if TASKS.contains(&key) => {
                out.extend(tasks::of_words(scalar(value), shown, raw))
            }
            (key, Kind::String) if POWERSHELL.contains(&key) => {
                out.extend(language_of("pwsh").and_then(|language| script(scalar(value), language)));
            }
            // A hook that runs what the machine has.
            ("entry", Kind::String) if node.get("language").and_then(Node::as_str) == Some("system") => {
                out.extend(script(scalar(value), Language::Shell));
            }
            ("shell", Kind::String) if names_shell(value) => {}
            ("source" | "script", Kind::String) => out.extend(script(scalar(value), interpreter)),
            ("run", Kind::String) => out.extend(script(scalar(value), shell)),
            // What Compose hands to a shell that is the entrypoint.
            ("command", Kind::String) if !image.is_empty() && is_handed_to_a_shell(node) => {
                let mut region = Region::new(Language::Shell);
                region.glue("sh ");
                scalar(value).add(&mut region);
                out.push(region);
            }
            (key, Kind::String) if SCRIPTS.contains(&key) => {
                out.extend(script(scalar(value), Language::Shell));
            }
            ("args", Kind::Array) if node.get("command").is_none() => {
                let list = list("args");
                out.extend(words(&[], &list).or_else(|| commands::of_image(image, &list)));
            }
            ("args", Kind::Array) => out.extend(words(&list("command"), &list("args"))),
            ("command", Kind::Array) if handed.is_some() => out.extend(handed.take()),
            ("command", Kind::Array) if node.get("args").is_some_and(|args| args.items().len() > 0) => {
                // `args` has it all, unless it is a script of its own.
                let whole = words(&list("command"), &list("args"));
                out.extend(if whole.is_some() { None } else { words(&[], &list("command")) });
            }
            (key, Kind::Array) if WORDS.contains(&key) && words(&[], &list(entry.key)).is_some() => {
                out.extend(words(&[], &list(entry.key)));
            }
            // The lines of a job go on where those before it ended.
            ("before_script", Kind::Array) if node.get("script").is_some() => {}
            (key, Kind::Array) if SCRIPTS.contains(&key) => {
                let mut region = Region::new(shell);
                if key == "script" {
                    add_lines(&mut region, node.get("before_script"), base);
                }
                add_lines(&mut region, Some(value), base);
                if !region.is_empty() {
                    out.push(region);
                }
            }
            // A file of a config map: `run.sh: |`.
            (key, Kind::String) => {
                let of_name = || entry.key.rsplit_once('.').filter(|_| key.len() <= 5);
                let of_name = || of_name().and_then(|(_, end)| Language::of_extension(end));
                let text = value.as_str().filter(|text| text.contains('\n'));
                // A script that says itself what runs it, under whatever key.
                let language = text.and_then(|text| Language::of_shebang(text).or_else(of_name));
                out.extend(language.and_then(|language| script(scalar(value), language)));
            }
            _ => {}
        }
    }
    out
}

/// The shell of `entrypoint: /bin/sh -c`, which runs the first word that it is handed.
fn shell_in_words(entrypoint: Node<'_>) -> Option<Language> {
    let text = entrypoint.as_str()?;
    let flag = text.split_whitespace().skip(1).last()?;
    let runs = flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('c');
    language_of(text).filter(|_| runs)
}

/// Whether a command is the words that a shell gets: `entrypoint: /bin/sh`, `command: -c '...'`.
fn is_handed_to_a_shell(service: Node<'_>) -> bool {
    let text = |key: &str| service.get(key).and_then(Node::as_str).unwrap_or_default().trim_start();
    let flag = text("command").split_whitespace().next().unwrap_or_default();
    let gives = flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('c');
    let mut items = service.get("entrypoint").into_iter().flat_map(Node::items);
    let listed = items.next().and_then(Node::as_str).unwrap_or_default();
    gives && [text("entrypoint"), listed].into_iter().any(|shell| language_of(shell) == Some(Language::Shell))
}

/// The code that a step gives what it runs, with the key under which that is given and its language:
/// JavaScript of GitHub's `github-script`, PowerShell of a task of Azure Pipelines.
fn code_given<'t>(step: Node<'t>) -> Option<(&'static str, Node<'t>, Language)> {
    let named = |key: &str| step.get(key).and_then(Node::as_str).and_then(|name| name.split('@').next());
    let (key, language) = if named("uses") == Some("actions/github-script") {
        ("with", Language::JavaScript)
    } else if named("task").is_some_and(|task| matches!(task, "PowerShell" | "AzurePowerShell")) {
        ("inputs", language_of("pwsh")?)
    } else {
        return None;
    };
    let given = step.get(key)?;
    let code = ["script", "Inline", "inline"].into_iter().find_map(|key| given.get(key))?;
    code.as_str().is_some().then_some((key, code, language))
}

/// The request of a step whose action makes one: it is given a method and a URL.
fn asked_by_action(step: Node<'_>, base: usize, shown: Language) -> Option<Region> {
    let uses = step.get("uses").and_then(Node::as_str)?;
    let action = uses.split('@').next()?.rsplit('/').next()?;
    let asks = action.split(['-', '_']).any(|word| {
        matches!(word, "http" | "https" | "request" | "requests" | "curl" | "webrequest" | "rest" | "api")
    });
    let given = step.get("with").filter(|_| asks)?;
    let text = |key: &str| given.get(key).filter(|value| value.as_str().is_some());
    // What an action does without a method differs from one to the next.
    let method = text("method")?.as_str()?.trim().to_ascii_uppercase();
    request(Some(&method), &[Piece::Scalar(Scalar { node: text("url")?, base })], Some(shown))
}

/// Whether the value of `shell` is the shell, and no command for it.
fn names_shell(value: Node<'_>) -> bool {
    let text = value.as_str().unwrap_or_default().trim();
    language_of(text).is_some() && (!text.contains(char::is_whitespace) || text.contains("{0}"))
}

/// Adds the lines of a list, which may be lists themselves.
fn add_lines(region: &mut Region, list: Option<Node<'_>>, base: usize) {
    let mut open: Vec<Node<'_>> = list.into_iter().collect();
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        if count > super::MAX_REGIONS {
            return;
        }
        if node.kind() == Kind::Array {
            let items: Vec<Node<'_>> = node.items().collect();
            open.extend(items.into_iter().rev());
        } else if node.as_str().is_some() {
            Scalar { node, base }.add(region);
            region.glue("\n");
        } else if node.is_object() {
            add_split(region, node, base);
        }
    }
}

/// Adds a command that YAML takes for a key and its value, since `: ` stands in it:
/// `- curl -H "Accept: text/plain" "$URL"`.
fn add_split(region: &mut Region, line: Node<'_>, base: usize) {
    let mut entries = line.entries();
    let (Some(entry), None) = (entries.next(), entries.next()) else { return };
    let span = line.span().range();
    let Some(text) = line.tree().text().get(span.clone()) else { return };
    let text = text.trim_end();
    // What is a mapping by its look is none: `- name: login`.
    let is_command = entry.key.contains(' ') && entry.value.scalar_text().is_some();
    if is_command && !text.contains('\n') {
        region.verbatim(&template::for_shell(text), base + span.start);
        region.glue("\n");
    }
}
