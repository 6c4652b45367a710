# Sourced by mvnw and pawl (bash, also the old one of macOS). Finds a JDK that can build and run Pawl.
#
# find_jdk sets PAWL_JDK (its home), PAWL_JDK_VERSION (such as 25.0.3) and PAWL_JDK_MAJOR (25).
# The first that fits wins: PAWL_JAVA_HOME, JAVA_HOME, the java on PATH, then the newest one in the well-known folders.
# Without any it says where it looked and returns 2.

PAWL_JDK_LEAST=21

# jdk_version HOME -> sets jdk_version and jdk_major, or fails when HOME is no JDK (a JRE has no javac).
jdk_version() {
  local line
  jdk_version= jdk_major=
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        JAVA_VERSION=*) jdk_version=${line#JAVA_VERSION=} ;;
      esac
    done < "$1/release"
    jdk_version=${jdk_version//[\"$'\r' ]/}
  fi
  if [ -z "$jdk_version" ]; then
    jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1) || true
  fi
  jdk_major=${jdk_version%%[!0-9]*}
  if [ "$jdk_major" = 1 ]; then # 1.8.0_392 is Java 8
    jdk_major=${jdk_version#1.}
    jdk_major=${jdk_major%%[!0-9]*}
  fi
  [ -n "$jdk_major" ]
}

# jdk_rank VERSION -> sets jdk_rank, a number that grows with the version.
jdk_rank() {
  local a b c rest
  IFS='.+-_' read -r a b c rest <<< "$1"
  case $b in '' | *[!0-9]*) b=0 ;; esac
  case $c in '' | *[!0-9]*) c=0 ;; esac
  jdk_rank=$((10#$a * 1000000 + 10#$b * 1000 + 10#$c))
}

jdk_take() {
  PAWL_JDK=$1 PAWL_JDK_VERSION=$jdk_version PAWL_JDK_MAJOR=$jdk_major
}

find_jdk() {
  local name home java seen='' best='' best_rank=0

  # Named by the user: a wrong PAWL_JAVA_HOME is an error, a wrong JAVA_HOME is only passed over.
  if [ -n "${PAWL_JAVA_HOME:-}" ]; then
    if jdk_version "$PAWL_JAVA_HOME" && [ "$jdk_major" -ge $PAWL_JDK_LEAST ]; then
      jdk_take "$PAWL_JAVA_HOME"
      return 0
    fi
    echo "PAWL_JAVA_HOME is $PAWL_JAVA_HOME, which is ${jdk_version:+version $jdk_version and }no JDK $PAWL_JDK_LEAST or newer." >&2
    echo "Set it to the home of a JDK (the folder that holds bin/javac), or unset it to let Pawl look for one." >&2
    return 2
  fi

  if [ -n "${JAVA_HOME:-}" ]; then
    if jdk_version "$JAVA_HOME"; then
      if [ "$jdk_major" -ge $PAWL_JDK_LEAST ]; then
        jdk_take "$JAVA_HOME"
        return 0
      fi
      seen="$seen  JAVA_HOME: $JAVA_HOME is version $jdk_version"$'\n'
    else
      seen="$seen  JAVA_HOME: $JAVA_HOME is no JDK"$'\n'
    fi
  else
    seen="$seen  JAVA_HOME: not set"$'\n'
  fi

  if java=$(command -v java); then
    java=$(readlink -f "$java" 2> /dev/null) || java=$(command -v java)
    home=${java%/bin/java}
    if [ ! -r "$home/release" ]; then # a stub, such as /usr/bin/java of macOS: ask it where it lives
      home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' | head -n 1) || true
    fi
    if jdk_version "$home"; then
      if [ "$jdk_major" -ge $PAWL_JDK_LEAST ]; then
        jdk_take "$home"
        return 0
      fi
      seen="$seen  PATH: $java is version $jdk_version"$'\n'
    else
      seen="$seen  PATH: $java is not part of a JDK"$'\n'
    fi
  else
    seen="$seen  PATH: no java"$'\n'
  fi

  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* "${HOME:-/}"/.jdks/*/Contents/Home; do
    [ -d "$home" ] && jdk_version "$home" || continue
    jdk_rank "$jdk_version"
    if [ "$jdk_major" -ge $PAWL_JDK_LEAST ]; then
      if [ "$jdk_rank" -gt "$best_rank" ]; then
        best=$home best_rank=$jdk_rank
      fi
    else
      seen="$seen  $home is version $jdk_version"$'\n'
    fi
  done
  if [ -n "$best" ]; then
    jdk_version "$best"
    jdk_take "$best"
    return 0
  fi

  {
    echo "Pawl needs a JDK $PAWL_JDK_LEAST or newer (with javac), and none was found. Looked at:"
    printf '%s' "$seen"
    echo "  /usr/lib/jvm, /usr/java, /opt/java, /opt/jdk*, /Library/Java/JavaVirtualMachines, Homebrew, ~/.sdkman, ~/.jdks"
    echo "Install one (any vendor), or set PAWL_JAVA_HOME to the home of one you have."
  } >&2
  return 2
}
