#!/bin/sh
# Writes the Swift source that holds the migrations: embed-migrations.sh FOLDER OUTPUT
# Their order and names are checked here, so that a misnamed file stops the build and not a server.
set -eu
export LC_ALL=C
folder=$1
output=$2

refuse() {
    echo "$1: $2" >&2
    exit 1
}

{
    echo '// Made from migrations/ by the EmbedMigrations plugin.'
    echo 'extension Migration {'
    echo '    static let embedded: [Migration] = ['
    number=0
    for path in "$folder"/*; do
        file=${path##*/}
        number=$((number + 1))
        expected=$(printf '%04d' "$number")
        name=${file#"${expected}"_}
        name=${name%.sql}
        [ "$file" = "${expected}_${name}.sql" ] || refuse "$file" "expected ${expected}_NAME.sql here"
        case $name in '' | *[!a-z0-9_]*) refuse "$file" 'a name is of a-z, 0-9 and _' ;; esac
        grep -q '"""##' "$path" && refuse "$file" 'contains """##, which ends the literal it is put into'
        printf 'Migration(number: %d, name: "%s", sql: ##"""\n' "$number" "$name"
        cat "$path"
        printf '\n"""##),\n'
    done
    echo '    ]'
    echo '}'
} >"$output.new"
mv "$output.new" "$output"
