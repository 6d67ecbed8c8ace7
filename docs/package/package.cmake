# The Debian package: `cpack -G DEB` in a build tree that was configured with
# -DCMAKE_INSTALL_PREFIX=/usr. tests/package makes one and looks at it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME context-sync)
set(CPACK_PACKAGE_CONTACT "The cs authors <cs@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
# What is linked is found by dpkg-shlibdeps; these are loaded when they are
# first needed (src/library.h).
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS
    "libcurl4 (>= 7.88) | libcurl4t64" "libpcre2-8-0 (>= 10.42)"
    "libxml2 (>= 2.9.14)" "libzstd1 (>= 1.5.2)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "fzf, man-db")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"cs keeps a local mirror of Confluence, Cloud or Data Center: every page is a
Markdown file, in folders that follow the page tree, and all of them are in a
full-text index. Searches answer in milliseconds, without the network, for
people and for the programs that work beside them.
.
A timer of the user's own systemd keeps the mirror current.")

# Changelog and copyright, as Debian wants to have them.
find_program(GZIP gzip)
set(changelog ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz)
if(GZIP)
    add_custom_command(OUTPUT ${changelog}
        COMMAND ${GZIP} -9nc ${CMAKE_SOURCE_DIR}/docs/package/changelog
            > ${changelog}
        DEPENDS ${CMAKE_SOURCE_DIR}/docs/package/changelog VERBATIM)
    add_custom_target(changelog ALL DEPENDS ${changelog})
    install(FILES ${changelog} ${CMAKE_SOURCE_DIR}/docs/package/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/context-sync)
endif()
include(CPack)
