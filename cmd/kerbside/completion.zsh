#compdef kerbside
# zsh completion for kerbside
_kerbside() {
  local -a options
  options=("${(@f)$(${words[@]:0:$((CURRENT-1))} --generate-bash-completion 2>/dev/null)}")
  if [[ -n "${options[1]}" ]]; then _describe 'values' options; fi
  _files
}
compdef _kerbside kerbside
