namespace Kuid.Cli.Completions;

/// <summary>The scripts that make shells ask kuid. They have no word of kuid's in them, and so need not be renewed with it.</summary>
internal static class ShellScript
{
    /// <summary>By the name of the shell.</summary>
    internal static readonly IReadOnlyDictionary<string, string> All = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["fish"] = Fish,
        ["zsh"] = Zsh,
    };

    // Needs nothing of the package bash-completion. What bash calls a word ends at "=", so of "--state=running" it replaces "running" only.
    private const string Bash = """
        _kuid() {
            local line value current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
            COMPREPLY=()
            [[ $current == = ]] && before='=' current=
            while IFS= read -r line; do
                case $line in
                    :files) compopt -o default ;;
                    :commands) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -c -- "$current") ;;
                    *)
                        value=${line%%$'\t'*}
                        [[ $before == = ]] && value=${value#*=}
                        COMPREPLY+=("$(printf %q "$value")")
                        ;;
                esac
            done < <("$1" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
        }
        complete -F _kuid kuid

        """;

    private const string Fish = """
        function __kuid_complete
            set -l current (commandline -ct)
            set -l words (commandline -opc)
            for line in ($words[1] __complete -- $words[2..] $current 2> /dev/null)
                switch $line
                    case :files
                        __fish_complete_path $current
                    case :commands
                        __fish_complete_command
                    case '*'
                        echo $line
                end
            end
        end
        complete -c kuid -f -a '(__kuid_complete)'

        """;

    // As a file _kuid in a folder of fpath it is loaded by the first Tab, which is then to be answered too.
    private const string Zsh = """
        #compdef kuid
        _kuid() {
            local line
            local -a described
            for line in "${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
                case $line in
                    '') ;;
                    :files) _files ;;
                    :commands) _command_names -e ;;
                    *) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
                esac
            done
            (( $#described )) && _describe -V kuid described
        }
        if [[ $funcstack[1] == _kuid ]]; then _kuid "$@"; else compdef _kuid kuid; fi

        """;
}
