use super::*;
use crate::model::{RowRef, WatchKind};
use std::cell::RefCell;
use std::fmt::Write as _;

fn csv(text: &str) -> ListRead {
    from(text.as_bytes(), ListFormat::Csv).unwrap()
}

fn ftm(text: &str) -> ListRead {
    from(text.as_bytes(), ListFormat::FollowTheMoney).unwrap()
}

fn ids(read: &ListRead) -> Vec<&str> {
    read.rows.iter().map(RowRef::id).collect()
}

fn texts<'a>(read: &'a ListRead, id: &str, key: RowKey) -> Vec<&'a str> {
    read.rows.find(id).unwrap().of(key).collect()
}

fn faults(read: &ListRead) -> Vec<String> {
    read.faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
}

#[test]
fn a_csv_has_every_column_a_watch_has_in_any_order() {
    let read = csv("\u{feff}names,id,kind,weak,posts,exact,not_as,family,with,variants,inflect,topics\n\
         \"Ada Byron; Ада Байрон\",Q1,official,Countess,Minister of Engines,AB,Ada Byron Street,yes,tax*; \"a b\",no,,role.pep\n\
         Engine Works,Q2,organization,,,,,,,,false,\n\
         Bella Ciao,Q3,,,,,,Ciao,,,,sanction;poi\n");
    assert_eq!(faults(&read), [""; 0]);
    let of = |key| texts(&read, "Q1", key).join("|");
    assert_eq!(of(RowKey::Names), "Ada Byron|Ада Байрон");
    assert_eq!([of(RowKey::Weak), of(RowKey::Posts)], ["Countess", "Minister of Engines"]);
    assert_eq!([of(RowKey::Exact), of(RowKey::NotAs), of(RowKey::With)], ["AB", "Ada Byron Street", "tax*|\"a b\""]);
    let ada = RowHead { variants: false, family: true, topics: "role.pep", ..RowHead::new("Q1", WatchKind::Official) };
    assert_eq!(read.rows.find("Q1").unwrap().head(), ada);
    let works = RowHead { inflect: Some(false), ..RowHead::new("Q2", WatchKind::Organization) };
    assert_eq!(read.rows.find("Q2").unwrap().head(), works);
    assert_eq!(texts(&read, "Q3", RowKey::Weak), ["Ciao"], "a family name is a weak name");
    assert_eq!(read.rows.find("Q3").unwrap().topics().collect::<Vec<_>>(), ["sanction", "poi"]);
}

#[test]
fn a_bad_line_costs_itself_only_and_is_named() {
    let read = csv(
        "id,names,kind,variants,family\nQ1,Ada Byron,ghost,,\n,No Id,,,\nQ3,,,,\nQ1,Again,,,\nQ4,Charles B,,perhaps,\n\
         Q5,\"Open,,\nQ6,Engine Works,company,,true\nQ7,Zuse\n",
    );
    assert_eq!(ids(&read), ["Q1", "Q4", "Q6", "Q7"]);
    let lines: Vec<u64> = read.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8], "{:#?}", faults(&read));
}

#[test]
fn a_file_whose_columns_are_not_named_is_no_list() {
    let refused = |text: &str| from(text.as_bytes(), ListFormat::Csv).unwrap_err().to_string();
    assert!(refused("name;other\n").contains("it has: name, other"), "{}", refused("name;other\n"));
    assert!(refused("id,weak\nQ1,Ada\n").contains("the columns id and names"));
    assert!(refused("").contains("empty"));
}

#[test]
fn a_download_that_failed_does_not_take_the_place_of_a_list() {
    let refused = |text: &str, format| from(text.as_bytes(), format).unwrap_err().to_string();
    let page = "<!doctype html>\n<title>503</title>\n";
    let told = refused(page, ListFormat::FollowTheMoney);
    assert!(told.starts_with("cannot be used: no line of it can be used; line 1: this is no entity"), "{told}");
    assert!(refused(page, ListFormat::Csv).contains("the first line must name"));
    assert!(refused("\n \n", ListFormat::FollowTheMoney).contains("empty"));
    assert!(refused("id,names,x\n,Ada\nQ1,\n", ListFormat::Csv).contains("line 2: a row without an id"));
    let ships = refused(r#"{"id":"x","schema":"Vessel","properties":{"name":["Hope"]}}"#, ListFormat::FollowTheMoney);
    assert!(ships.contains("line 1 has the schema \"Vessel\""), "{ships}");
    let misspelt = refused(r#"{"id":"x","schema":"person","properties":{"name":["Ada"]}}"#, ListFormat::FollowTheMoney);
    assert!(misspelt.contains("did you mean \"Person\"?"), "{misspelt}");
    let header = refused("id,names\n", ListFormat::Csv);
    assert!(header.contains("nothing in it but the names of its columns"), "{header}");
    assert!(refused("id,names,notes\n\n", ListFormat::Csv).contains("nothing in it"));
}

#[test]
fn a_file_of_another_kind_is_told_what_it_is_and_what_to_do() {
    for (bytes, format, what, hint) in [
        (&b"[{\"id\":\"x\"}]\n"[..], ListFormat::FollowTheMoney, "one list in JSON", "jq -c '.[]'"),
        (b"\n{\n  \"id\": \"x\"\n}\n", ListFormat::FollowTheMoney, "over several lines", "jq -c ."),
        (b"\xff\xfei\0d\0", ListFormat::FollowTheMoney, "UTF-16", "UTF-8"),
        (b"\xff\xfei\0d\0", ListFormat::Csv, "UTF-16", "UTF-8"),
        (b"id,n\xe4mes\n", ListFormat::Csv, "not UTF-8", "names the columns"),
        (b"", ListFormat::Csv, "empty", "get the file again"),
        (b"name;other\n", ListFormat::Csv, "must name", "names the columns"),
    ] {
        let fault = from(bytes, format).unwrap_err();
        assert!(fault.to_string().contains(what), "{fault}");
        assert!(fault.hint().is_some_and(|said| said.contains(hint)), "{fault}: {:?}", fault.hint());
    }
    let gone = ListError::from(io::Error::from(io::ErrorKind::NotFound));
    assert!(gone.hint().is_some_and(|hint| hint.starts_with("the path is relative")));
}

#[test]
fn a_line_that_is_no_entity_is_told_in_words() {
    let good = r#"{"id":"Q1","schema":"Person","properties":{"name":["Ada"]}}"#;
    for (line, words) in [
        ("noise", "it is not JSON from column 2 on"),
        (r#"{"id":"x""#, "the line ends before its JSON does"),
        (r#"{"schema":"Person"}"#, "it has no `id`"),
        (r#"{"id":7,"schema":"Person"}"#, "its `id` is no text"),
        (r#"{"id":"x","schema":"Person","properties":{"name":"Ada"}}"#, "a name in its `properties` stands in no list"),
        (r#""x""#, "an entity is {"),
    ] {
        let read = ftm(&format!("{good}\n{line}\n"));
        assert!(faults(&read)[0].starts_with(&format!("2: this is no entity: {words}")), "{:?}", faults(&read));
    }
}

#[test]
fn a_comma_that_is_not_quoted_costs_its_row_and_is_told() {
    let read =
        csv("id,kind,names\n1,person,Karimova, Gulnara\n2,person,\"Karimova, Gulnara\",,\n3,person\n4,person,Ada\n");
    assert_eq!(ids(&read), ["2", "4"]);
    assert!(
        faults(&read)[0].starts_with("2: it has 4 fields, and the first line names 3 columns"),
        "{:?}",
        faults(&read)
    );
    assert_eq!(texts(&read, "2", RowKey::Names), ["Karimova, Gulnara"]);
}

#[test]
fn columns_that_mean_nothing_are_told_once() {
    let read = csv("id,names,birth_date,id,checked\nQ1,Ada,1815,Q9,2026-01-01\nQ2,Eve,,,\n");
    assert_eq!(faults(&read), ["1: columns that mean nothing here: birth_date, id, checked"]);
    assert_eq!(ids(&read), ["Q1", "Q2"]);
}

#[test]
fn the_simple_csv_of_opensanctions_is_read_as_it_comes() {
    let read = csv(
        "\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\",\"countries\",\"addresses\",\"identifiers\",\"sanctions\",\"phones\",\
         \"emails\",\"program_ids\",\"dataset\",\"first_seen\",\"last_seen\",\"last_change\"\n\
         \"NK-1\",\"Person\",\"Ada \"\"Engine\"\" Byron\",\"A. Lovelace;Lady L\",\"1815\",\"gb\",\"\",\"\",\"\",\"\",\"\",\"\",\"x\",\"\",\"\",\"\"\n\
         \"NK-2\",\"Vessel\",\"Hope\",\"\"\n\"NK-3\",\"PublicBody\",\"Office of Engines\",\"\"\n",
    );
    assert_eq!(faults(&read), [""; 0]);
    assert_eq!(ids(&read), ["NK-1", "NK-3"], "a ship is no name to watch");
    assert_eq!(texts(&read, "NK-1", RowKey::Names), ["Ada \"Engine\" Byron", "A. Lovelace", "Lady L"]);
    assert_eq!(read.rows.find("NK-3").unwrap().kind(), WatchKind::Organization);
}

#[test]
fn names_on_lines_of_their_own_in_a_cell_are_names() {
    assert_eq!(texts(&csv("id\tnames\nQ1\t\"Ada\n Eve ;; \"\n"), "Q1", RowKey::Names), ["Ada", "Eve"]);
}

#[test]
fn follow_the_money_gives_names_aliases_weak_aliases_and_topics() {
    let read = ftm(
        r#"{"id":"Q7","schema":"Person","caption":"Ada","properties":{"name":["Ada Byron","Ада Байрон"],"alias":["A. \"L\" Lovelace"],"weakAlias":["Ada"],"previousName":["Ada Milbanke"],"position":["Minister"],"topics":["role.pep","crime"]}}
{"id":"o1","schema":"Company","properties":{"name":["Engine Works"],"address":[{"id":"a"}]},"datasets":["x"]}
{"id":"x","schema":"Passport","properties":{"number":["1"]}}
not json

{"id":"o2","schema":"LegalEntity","caption":"Only Shown","properties":{"name":[],"alias":[7,null,true,["x"],{"y":1},"Other"]}}
{"id":"o3","schema":"Person","properties":{"name":"no array"}}
{"id":"o4","schema":"Person","properties":{}}
{"id":"o1","schema":"Company","properties":{"name":["Again"]}}
"#,
    );
    assert_eq!(ids(&read), ["Q7", "o1", "o2"]);
    let names = ["Ada Byron", "Ада Байрон", "A. \"L\" Lovelace", "Ada Milbanke"];
    assert_eq!(texts(&read, "Q7", RowKey::Names), names);
    assert_eq!((texts(&read, "Q7", RowKey::Weak), texts(&read, "Q7", RowKey::Posts)), (vec!["Ada"], vec![]));
    assert_eq!(read.rows.find("Q7").unwrap().topics().collect::<Vec<_>>(), ["crime", "role.pep"]);
    assert_eq!(texts(&read, "o2", RowKey::Names), ["Only Shown", "Other"]);
    assert_eq!(read.rows.iter().map(RowRef::kind).collect::<Vec<_>>(), {
        use WatchKind::{Official, Organization};
        [Official, Organization, Organization]
    });
    let lines: Vec<u64> = read.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 7, 8, 9], "{:#?}", faults(&read));
}

#[test]
fn a_line_of_json_without_end_costs_itself() {
    let good = |id| format!("{{\"id\":\"{id}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"Ada\"]}}}}\n");
    let mut text = good("a");
    text.push_str(&"[".repeat(17 << 20));
    text.push('\n');
    text.push_str(&"[".repeat(100_000));
    text.push('\n');
    text.push_str(&good("b"));
    let read = ftm(&text);
    assert_eq!(ids(&read), ["a", "b"]);
    assert!(faults(&read)[0].starts_with("2: it is longer than 16 MiB"), "{:?}", faults(&read));
    assert!(faults(&read)[1].starts_with("3: this is no entity"), "{:?}", faults(&read));
}

#[test]
fn a_name_longer_than_its_bound_is_left_out_and_its_row_stays() {
    let (long, fits) = ("x".repeat(NAME_BYTES_MAX + 1), "y".repeat(NAME_BYTES_MAX));
    let read = csv(&format!("id,names\nQ1,{long};{fits}\nQ2,{long}\n{long},Ada\n"));
    assert_eq!((ids(&read), texts(&read, "Q1", RowKey::Names)), (vec!["Q1"], vec![fits.as_str()]));
    let lines: Vec<u64> = read.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 3, 4], "{:#?}", faults(&read));
}

#[test]
fn a_property_that_is_null_is_none_and_one_that_is_there_twice_is_joined() {
    let text = concat!(
        r#"{"id":"Q1","schema":"Person","properties":{"name":["Ada"],"alias":null,"name":["Ada Byron"],"birthDate":null}}"#,
        "\n",
        r#"{"id":"Q2","schema":"Person","caption":"Charles","properties":null}"#,
    );
    let read = from(text.as_bytes(), ListFormat::FollowTheMoney).unwrap();
    assert_eq!((faults(&read), ids(&read)), (vec![], vec!["Q1", "Q2"]));
    assert_eq!(texts(&read, "Q1", RowKey::Names), ["Ada", "Ada Byron"]);
}

#[test]
fn a_row_of_too_many_names_keeps_the_first_and_takes_no_room_from_others() {
    let read = csv(&format!("id,names\nQ1,{}\nQ2,Ada\n", "a;".repeat(ROW_NAMES_MAX + 7)));
    assert_eq!((ids(&read), texts(&read, "Q1", RowKey::Names).len()), (vec!["Q1", "Q2"], ROW_NAMES_MAX));
    assert_eq!(faults(&read), ["2: row Q1: it has more than 1000 names; the last 7 were left out"]);
}

#[test]
fn names_beyond_a_million_are_left_out_and_that_is_told() {
    let mut text = "id,names\n".to_string();
    let names = "a;".repeat(500);
    for row in 0..LIST_NAMES_MAX / 500 + 3 {
        writeln!(text, "{row},\"{names}\"").unwrap();
    }
    let read = csv(&text);
    assert_eq!(read.rows.len(), LIST_NAMES_MAX / 500);
    assert_eq!(faults(&read), ["2002: the list has more than 1000000 names; the last 3 rows were left out"]);
}

#[test]
fn a_thousand_bad_lines_are_counted_not_kept() {
    let read = csv(&format!("id,names\n{}Q1,Ada\n", ",\n".repeat(1000)));
    assert_eq!((read.faults.len(), read.more_faults, read.rows.len()), (FAULTS_MAX, 1000 - FAULTS_MAX, 1));
}

#[test]
fn reading_tells_how_far_it_has_come() {
    let mut text = "id,names\n".to_string();
    for row in 0..50_000 {
        writeln!(text, "{row},Name {row}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("names.csv");
    std::fs::write(&file, &text).unwrap();
    let id = crate::model::ListId::new("names").unwrap();
    let list = List {
        id,
        file,
        format: ListFormat::Csv,
        with: vec![],
        rows: std::sync::Arc::default(),
        edition: crate::model::Edition::default(),
    };
    let told = RefCell::new(vec![]);
    let read = read(&list, &|read, total| told.borrow_mut().push((read, total))).unwrap();
    let (told, total) = (told.into_inner(), text.len() as u64);
    assert_eq!(read.rows.len(), 50_000);
    assert!(told.len() > 2 && told.is_sorted() && told.iter().all(|(_, of)| *of == total), "{told:?}");
    assert_eq!(told.last(), Some(&(total, total)));
}

proptest::proptest! {
    #[test]
    fn no_file_is_too_strange(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), head in "(id,names\n)?") {
        let bytes = [head.as_bytes(), &bytes].concat();
        for format in [ListFormat::Csv, ListFormat::FollowTheMoney] {
            let _ = from(bytes.as_slice(), format);
        }
    }
}

/// Opened without care, a pipe that nobody writes into holds a reload for ever.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pep.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for file in [pipe.as_path(), dir.path(), Path::new("/dev/zero")] {
        let id = crate::model::ListId::new("pep").unwrap();
        let (rows, edition) = (std::sync::Arc::default(), Edition::default());
        let list = List { id, file: file.to_path_buf(), format: ListFormat::Csv, with: vec![], rows, edition };
        assert_eq!(read(&list, &|_, _| {}).unwrap_err().to_string(), "cannot be used: it is not a file");
    }
}
